// A probe in a network namespace and traffic for it, for tests on live links.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { addonPaths } from '../../src/probe/addon.js';
import type { NativeOptions } from '../../src/probe/native-module.js';
import type { CaptureMethod } from '../../src/probe/options.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import { decodeFrame } from '../../src/wire/codec.js';
import type { ProbeStatus } from '../../src/wire/frames.js';
import { type Cable, inside, nodeInside } from './namespaces.js';
import { nativeOptions } from './native-options.js';

/** Runs in the namespace: prints every item as a line of JSON, stops when its stdin ends. */
const probeScript = (options: NativeOptions) => `
const { existsSync } = require('node:fs');
const addon = require(${JSON.stringify(addonPaths())}.find((path) => existsSync(path)));
const probe = new addon.NativeProbe(${JSON.stringify(options)}, () => {
  for (let item = probe.take(); item; item = probe.take()) {
    const bytes = item.bytes && item.bytes.toString('base64');
    process.stdout.write(JSON.stringify({ ...item, bytes }) + '\\n');
    if (item.kind === 'end') process.stdin.destroy();
  }
});
process.stdin.on('end', () => probe.stop()).resume();
probe.start();
`;

export interface LinkChanges {
  readonly captureMethod?: CaptureMethod;
  readonly snaplen?: number;
  readonly bufferBytes?: number;
}

/** How many packet sockets are open at the near end, of all processes. */
export function packetSockets(cable: Cable): number {
  return inside(cable.near.namespace, 'cat', '/proc/net/packet').trim().split('\n').length - 1;
}

export class LiveProbe {
  readonly batches: FlowBatch[] = [];
  readonly notices: { kind: string; code: string; message: string; hint?: string }[] = [];
  readonly #child: ReturnType<typeof nodeInside>;
  readonly #ended: Promise<unknown>;
  /** All of them, in their order. */
  readonly statuses: ProbeStatus[] = [];

  /** The latest. */
  get status(): ProbeStatus | undefined {
    return this.statuses.at(-1);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  private constructor(child: ReturnType<typeof nodeInside>) {
    this.#child = child;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
    this.#ended = Promise.all([once(lines, 'close'), once(child, 'exit')]);
  }

  /** Resolves once its packet sockets are open. */
  static async open(
    cable: Cable,
    interfaces: readonly string[],
    changes: Partial<NativeOptions> = {},
    linkChanges: LinkChanges = {},
  ): Promise<LiveProbe> {
    const open = packetSockets(cable) + interfaces.length;
    const probe = LiveProbe.start(cable, interfaces, changes, linkChanges);
    for (let tries = 0; tries < 200 && packetSockets(cable) < open; tries++) await sleep(25);
    await sleep(100);
    return probe;
  }

  static start(
    cable: Cable,
    interfaces: readonly string[],
    changes: Partial<NativeOptions>,
    linkChanges: LinkChanges,
  ): LiveProbe {
    const usual = {
      snaplen: 262_144,
      promiscuous: true,
      bufferBytes: 16 << 20,
      captureMethod: 'auto',
    } as const;
    const live = { kind: 'live', ...usual, ...linkChanges } as const;
    const sources = interfaces.map((name) => ({ ...live, interface: name }));
    const options = nativeOptions({ sources, ...changes });
    return new LiveProbe(nodeInside(cable.near.namespace, probeScript(options)));
  }

  /** Resolves when the kernel has handed over what it gathers for a tenth of a second. */
  async settle(): Promise<void> {
    await sleep(400);
  }

  /** Asks for the end, or waits for it; resolves when the process is gone. */
  async end(ask = true): Promise<void> {
    if (ask) this.#child.stdin.end();
    await this.#ended;
    expect(this.#child.exitCode).toBe(0);
    expect(this.status?.last).toBe(true);
  }

  /** Packets of all records that match. */
  packets(matches: (batch: FlowBatch, row: number) => boolean = () => true): [number, number] {
    const sum: [number, number] = [0, 0];
    for (const batch of this.batches) {
      const [src, dst] = [batch.column('srcPackets'), batch.column('dstPackets')];
      for (let row = 0; row < batch.rows; row++) {
        if (!matches(batch, row)) continue;
        sum[0] += src(row) ?? 0;
        sum[1] += dst(row) ?? 0;
      }
    }
    return sum;
  }

  /** Packets in records and in named counters. */
  accounted(): number {
    const [src, dst] = this.packets();
    return src + dst + Object.values(this.status?.undecoded ?? {}).reduce((sum, count) => sum + count, 0);
  }

  #take(item: { kind: string; code: string; message: string; bytes?: string }): void {
    if (item.bytes === undefined) {
      if (item.kind !== 'end') this.notices.push(item);
      return;
    }
    const frame = decodeFrame(Buffer.from(item.bytes, 'base64'));
    if (frame.kind === 'batch') this.batches.push(frame.batch);
    if (frame.kind === 'status') this.statuses.push(frame.status);
  }
}

export async function finished(child: ChildProcess): Promise<void> {
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
}

/** Sends datagrams one by one from the far end, to a socket that is open on the near end. */
export async function sendDatagrams(cable: Cable, count: number, port: number): Promise<void> {
  const receiver = nodeInside(
    cable.near.namespace,
    `const socket = require('node:dgram').createSocket('udp4');
     socket.bind(${port}, () => console.log('bound'));
     process.stdin.on('end', () => socket.close()).resume();`,
  );
  await once(receiver.stdout, 'data');
  const sender = nodeInside(
    cable.far.namespace,
    `const socket = require('node:dgram').createSocket('udp4');
     let left = ${count};
     const send = () => left-- > 0
       ? socket.send(Buffer.alloc(100), ${port}, '${cable.near.address}', (error) => { if (error) throw error; send(); })
       : socket.close();
     socket.bind(40000, send);`,
  );
  await finished(sender);
  receiver.stdin.end();
  await finished(receiver);
}

/** A TCP connection from the far end that carries bytes to the near end and is closed. */
export async function sendStream(cable: Cable, bytes: number): Promise<void> {
  const server = nodeInside(
    cable.near.namespace,
    `require('node:net').createServer(function (socket) {
       socket.resume().on('end', () => { socket.end(); this.close(); });
     }).listen(8080, () => console.log('listening'));`,
  );
  await once(server.stdout, 'data');
  const client = nodeInside(
    cable.far.namespace,
    `const socket = require('node:net').connect(8080, '${cable.near.address}');
     socket.end(Buffer.alloc(${bytes}, 'x'));
     socket.resume();`,
  );
  await Promise.all([finished(client), finished(server)]);
}
