// A socket that takes bytes only when it is told to, for the tests of the hub.

import type { Hub } from '../../../src/fanout/hub.js';
import { type Outlet, Subscriber } from '../../../src/fanout/subscriber.js';
import { decodeFrame } from '../../../src/wire/codec.js';
import type { Frame, Subscribe } from '../../../src/wire/frames.js';
import { subscribeTo } from './synthetic.js';

export class FakeOutlet implements Outlet {
  readonly frames: Uint8Array[] = [];
  readonly subscriber = new Subscriber(this);
  closed: { code: number; reason: string } | undefined;
  pendingBytes = 0;
  mostPendingBytes = 0;
  /** Whether the network takes everything at once. */
  flowing = true;

  static attach(hub: Hub, wish: Partial<Subscribe> = {}, flowing = true): FakeOutlet {
    const outlet = new FakeOutlet();
    outlet.flowing = flowing;
    hub.attach(outlet.subscriber, subscribeTo(wish));
    return outlet;
  }

  send(frame: Uint8Array): void {
    this.frames.push(frame);
    if (!this.flowing) this.pendingBytes += frame.byteLength;
    this.mostPendingBytes = Math.max(this.mostPendingBytes, this.pendingBytes);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  /** The network has taken what it was given. */
  drain(hub: Hub): void {
    this.pendingBytes = 0;
    hub.drained(this.subscriber);
  }

  get decoded(): Frame[] {
    return this.frames.map(decodeFrame);
  }

  get numbers(): number[] {
    return this.decoded.flatMap((frame) => (frame.kind === 'batch' ? [frame.batch.number] : []));
  }

  get gaps() {
    return this.decoded.flatMap((frame) => (frame.kind === 'gap' ? [frame.gap] : []));
  }

  /** What came, in short: 'batch 3', 'gap 2', 'status'. */
  get story(): string[] {
    return this.decoded.map((frame) => {
      if (frame.kind === 'batch') return `batch ${frame.batch.number}`;
      if (frame.kind === 'gap') return `gap ${frame.gap.batches} ${frame.gap.reason}`;
      return frame.kind;
    });
  }
}
