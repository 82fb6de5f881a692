// A hub for files that are read as fast as possible: whoever publishes can wait for the slowest client, so
// that none loses a batch. Between the probe and the sockets.
import { setTimeout as sleep } from 'node:timers/promises';
import { Hub, type HubOptions } from '../fanout/hub.js';
import type { Subscriber } from '../fanout/subscriber.js';
import type { Subscribe } from '../wire/frames.js';

/** Bytes published between two waits; well below what a client may lag. */
const sprintBytes = 1 << 20;
const pollMs = 2;

export class LosslessHub extends Hub {
  readonly #readers = new Set<Subscriber>();
  #sprint = 0;
  #onFirst: () => void = () => undefined;

  constructor(options: HubOptions) {
    super(options);
  }

  override attach(subscriber: Subscriber, subscribe: Subscribe): void {
    super.attach(subscriber, subscribe);
    this.#readers.add(subscriber);
    this.#onFirst();
  }

  override detach(subscriber: Subscriber): void {
    this.#readers.delete(subscriber);
    super.detach(subscriber);
  }

  override publish(frameBytes: Uint8Array): void {
    this.#sprint += frameBytes.byteLength;
    super.publish(frameBytes);
  }

  /** Resolves at once, or when all clients have what was published; a client that takes nothing is closed in time. */
  async room(signal: AbortSignal): Promise<void> {
    if (this.#sprint < sprintBytes) return;
    await this.caughtUp(signal);
  }

  /** Resolves when all clients have got everything, or the signal aborts. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    this.#sprint = 0;
    while (!signal.aborted && [...this.#readers].some((reader) => !this.isIdle(reader))) await sleep(pollMs);
  }

  /** Resolves when the first client has subscribed; false if the signal aborts before. */
  async firstClient(signal: AbortSignal): Promise<boolean> {
    if (this.#readers.size === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onFirst = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return !signal.aborted;
  }
}
