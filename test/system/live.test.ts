// Live links: known traffic over a virtual cable between two namespaces, and what the probe says about it. Skipped,
// and reported so, where namespaces cannot be made.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addonPaths } from '../../src/probe/addon.js';
import type { NativeOptions } from '../../src/probe/native-module.js';
import { printAddress } from '../../src/record/address.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import { decodeFrame } from '../../src/wire/codec.js';
import type { ProbeStatus } from '../../src/wire/frames.js';
import { Cable, inside, namespacesMissing, nodeInside } from './namespaces.js';

const missing = namespacesMissing();

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

class LiveProbe {
  readonly batches: FlowBatch[] = [];
  readonly notices: { kind: string; code: string; message: string }[] = [];
  readonly #child: ReturnType<typeof nodeInside>;
  readonly #ended: Promise<unknown>;
  status: ProbeStatus | undefined;

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
  ): Promise<LiveProbe> {
    const { namespace } = cable.near;
    const live = { kind: 'live', snaplen: 262_144, promiscuous: true, bufferBytes: 16 << 20 } as const;
    const options: NativeOptions = {
      sources: interfaces.map((name) => ({ ...live, interface: name })),
      filter: '',
      statusInterval: 1,
      maxFlows: 10_000,
      maxTunnels: 8,
      maxFragments: 4096,
      fragmentTimeout: 15,
      tcpHoles: 8,
      payloadBytes: 64,
      payloadRules: [],
      maskPayload: false,
      pace: 0,
      loop: false,
      queueBatches: 64,
      idle: { tcp: 300, udp: 60, icmp: 10, other: 60 },
      closeLinger: 2,
      ...changes,
    };
    const probe = new LiveProbe(nodeInside(namespace, probeScript(options)));
    const sockets = () => inside(namespace, 'cat', '/proc/net/packet').trim().split('\n').length - 1;
    for (let tries = 0; tries < 200 && sockets() < interfaces.length; tries++) await sleep(25);
    await sleep(100);
    return probe;
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
    if (frame.kind === 'status') this.status = frame.status;
  }
}

async function finished(child: ChildProcess): Promise<void> {
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
}

/** Sends datagrams one by one from the far end, to a socket that is open on the near end. */
async function sendDatagrams(cable: Cable, count: number, port: number): Promise<void> {
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
async function sendStream(cable: Cable, bytes: number): Promise<void> {
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

const idleReason = 4;

const udp = (port: number) => (batch: FlowBatch, row: number) =>
  batch.column('protocol')(row) === 17 && batch.column('dstPort')(row) === port;

describe.skipIf(missing !== undefined)(`live links${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cable: Cable;
  beforeAll(() => {
    cable = new Cable();
  });
  afterAll(() => cable.remove());

  test('records say exactly the packets that were sent', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface]);
    await sendDatagrams(cable, 3000, 9999);
    await probe.settle();
    await probe.end();
    expect(probe.notices).toEqual([]);
    expect(probe.packets(udp(9999))).toEqual([3000, 0]);
    expect(probe.status?.dropped).toBe(0);
    expect(probe.accounted()).toBe(probe.status?.packets);
  });

  test('packets that the kernel still holds when the probe is stopped are measured', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface]);
    await sendDatagrams(cable, 100, 9998);
    await probe.end();
    expect(probe.packets(udp(9998))).toEqual([100, 0]);
  });

  test('every packet that the interface counts, in both directions, is in a record', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface]);
    const before = cable.packets();
    await sendStream(cable, 500_000);
    await probe.settle();
    const crossed = cable.packets() - before;
    await probe.end();
    expect(crossed).toBeGreaterThan(10);
    expect(probe.status?.packets).toBe(crossed);
    expect(probe.accounted()).toBe(crossed);
    const tcp = probe.batches.flatMap((batch) =>
      Array.from({ length: batch.rows }, (_, row) => ({
        protocol: batch.column('protocol')(row),
        src: printAddress(batch.address('src')(row)),
        appBytes: batch.column('srcAppBytes')(row) ?? 0,
      })).filter((record) => record.protocol === 6),
    );
    expect(new Set(tcp.map((record) => record.src))).toEqual(new Set([cable.far.address]));
    expect(tcp.reduce((sum, record) => sum + record.appBytes, 0)).toBeGreaterThanOrEqual(500_000);
  });

  test('a capture filter lets through what it says', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface], { filter: 'udp port 9001' });
    await sendDatagrams(cable, 50, 9000);
    await sendDatagrams(cable, 70, 9001);
    await probe.settle();
    await probe.end();
    expect(probe.status?.packets).toBe(70);
    expect(probe.packets()).toEqual([70, 0]);
  });

  test('an idle link reports its state and ends when it is asked to', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface]);
    await sleep(1500);
    expect(probe.status).toMatchObject({ packets: 0, last: false });
    const began = performance.now();
    await probe.end();
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('flows on a link that falls silent end by the clock', async () => {
    const idle = { tcp: 300, udp: 1, icmp: 10, other: 60 };
    const probe = await LiveProbe.open(cable, [cable.near.interface], { idle, statusInterval: 0 });
    await sendDatagrams(cable, 5, 9002);
    const idleEnds = () =>
      probe.batches.flatMap((batch) => {
        const rows = Array.from({ length: batch.rows }, (_, row) => row);
        return rows.filter((row) => udp(9002)(batch, row) && batch.column('reason')(row) === idleReason);
      });
    for (let tries = 0; tries < 100 && idleEnds().length === 0; tries++) await sleep(50);
    expect(idleEnds()).toHaveLength(1);
    await probe.end();
    expect(probe.packets(udp(9002))).toEqual([5, 0]);
  });

  test('an interface that does not exist is an error, and the other one is measured', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface, 'veth-x']);
    await sendDatagrams(cable, 20, 9003);
    await probe.settle();
    await probe.end();
    expect(probe.notices).toMatchObject([{ kind: 'error', code: 'no-such-interface' }]);
    expect(probe.packets(udp(9003))).toEqual([20, 0]);
  });

  test('an interface that disappears is said once, and its records come', async () => {
    const probe = await LiveProbe.open(cable, [cable.near.interface]);
    await sendDatagrams(cable, 30, 9004);
    await probe.settle();
    cable.unplug();
    await probe.end(false);
    cable.plug();
    expect(probe.notices).toMatchObject([{ kind: 'error', code: 'interface-gone' }]);
    expect(probe.packets(udp(9004))).toEqual([30, 0]);
  });
});
