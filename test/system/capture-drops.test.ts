// More packets than the probe takes: the kernel drops, counts, and the probe says so, in its status and on the records of
// that time. Nothing else may be wrong. Skipped, and said so, where namespaces cannot be made.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveProbe } from './live-probe.js';
import { Cable, inside, namespacesMissing, nodeInside } from './namespaces.js';
import { datagram, sendFrames, startSending } from './raw-frames.js';

const missing = namespacesMissing();

interface Row {
  readonly port: number | undefined;
  readonly startNs: number;
  readonly packets: number;
  readonly bytes: number;
  readonly drops: number;
}

function rowsOf(probe: LiveProbe): Row[] {
  return probe.batches.flatMap((batch) => {
    const read = (name: 'dstPort' | 'srcPackets' | 'dstPackets' | 'srcBytes' | 'captureDrops') =>
      batch.column(name);
    const [port, sent, back] = [read('dstPort'), read('srcPackets'), read('dstPackets')];
    const [bytes, drops, start] = [read('srcBytes'), read('captureDrops'), batch.column('start')];
    return Array.from({ length: batch.rows }, (_, row) => ({
      port: port(row),
      startNs: batch.baseSeconds * 1e9 + (start(row) ?? 0),
      packets: (sent(row) ?? 0) + (back(row) ?? 0),
      bytes: bytes(row) ?? 0,
      drops: drops(row) ?? 0,
    }));
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const frameBytes = 14 + 20 + 8 + 200;
/** One frame for each of so many flows, from a port on. */
const flows = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => datagram(first + index, 200));

describe.skipIf(missing !== undefined)(`capture drops${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cable: Cable;
  beforeAll(() => {
    cable = new Cable();
  });
  afterAll(() => cable.remove());

  /** What holds however much was dropped. */
  function expectConserved(probe: LiveProbe, sent: number): number {
    const status = probe.status;
    const dropped = status?.dropped ?? 0;
    expect(probe.notices).toEqual([]);
    expect(status?.sources).toMatchObject([{ received: sent, dropped, ifDropped: 0 }]);
    expect((status?.packets ?? 0) + dropped).toBe(sent);
    expect(probe.accounted() + dropped).toBe(sent);
    // Each status tells the drops since the one before.
    let before = 0;
    for (const { dropped: total, intervalDropped } of probe.statuses) {
      expect(intervalDropped).toBe(total - before);
      before = total;
    }
    for (const { packets, bytes } of rowsOf(probe)) expect(bytes).toBe(packets * frameBytes);
    return dropped;
  }

  test.each(['ring', 'pcap'] as const)('a burst while the process is stopped (%s)', async (captureMethod) => {
    const bufferBytes = 1 << 20;
    const { interface: link } = cable.near;
    const probe = await LiveProbe.open(cable, [link], {}, { captureMethod, bufferBytes });
    sendFrames(cable.far, flows(1000, 10));
    await sleep(2500);
    process.kill(probe.pid, 'SIGSTOP');
    sendFrames(cable.far, flows(2000, 10), 2000); // 5 MB, and as much again for the kernel's headers
    await sleep(1000);
    process.kill(probe.pid, 'SIGCONT');
    await sleep(2500);
    sendFrames(cable.far, flows(3000, 10));
    await sleep(1500);
    await probe.end();

    const dropped = expectConserved(probe, 10 + 20_000 + 10);
    expect(dropped).toBeGreaterThan(10_000);
    expect(dropped).toBeLessThan(20_000);
    const rows = rowsOf(probe);
    const of = (from: number) => rows.filter(({ port = 0 }) => port >= from && port < from + 10);
    // Nobody looked at the counter while the process was stopped: all drops are of one moment.
    expect(of(1000).map(({ packets, drops }) => [packets, drops])).toEqual(Array(10).fill([1, 0]));
    expect(of(3000).map(({ packets, drops }) => [packets, drops])).toEqual(Array(10).fill([1, 0]));
    expect(sum(of(2000).map(({ packets }) => packets))).toBe(20_000 - dropped);
    expect(new Set(of(2000).map(({ drops }) => drops))).toEqual(new Set([dropped]));
  });

  test('a probe that gets a tenth of the time that it needs', async () => {
    const { interface: link } = cable.near;
    const probe = await LiveProbe.open(cable, [link], {}, { bufferBytes: 1 << 20 });
    const sender = startSending(cable.far, flows(5000, 500), 400);
    const gone = once(sender, 'exit');
    while (sender.exitCode === null) {
      process.kill(probe.pid, 'SIGSTOP');
      await sleep(90);
      process.kill(probe.pid, 'SIGCONT');
      await sleep(10);
    }
    await gone;
    await sleep(1500);
    await probe.end();
    const dropped = expectConserved(probe, 400 * 500);
    expect(dropped).toBeGreaterThan(10_000);
    const marked = rowsOf(probe).filter(({ drops }) => drops > 0);
    expect(marked.length).toBeGreaterThan(0);
    for (const { drops } of marked) expect(drops).toBeLessThanOrEqual(dropped);
  });

  test('is in the metrics of a server', async () => {
    const { namespace, interface: link } = cable.near;
    const command = new URL('../../bin/panoptes.js', import.meta.url).pathname;
    const words = ['probe', '-i', link, '--buffer', '1', '-P', '20561', '-S', '5'];
    const probe = nodeInside(
      namespace,
      `process.argv.splice(1, 1, ${JSON.stringify(command)}, ...${JSON.stringify(words)}); import(${JSON.stringify(command)});`,
    );
    const metrics = () => {
      const script = `fetch('http://localhost:20561/metrics').then((r) => r.text()).then(console.log, () => {})`;
      return inside(namespace, process.execPath, '-e', script);
    };
    const value = (name: string) => Number(new RegExp(`^${name}(?:{.*})? (\\d+)$`, 'm').exec(metrics())?.[1]);
    for (let tries = 0; tries < 100 && !(value('panoptes_capture_packets_total') >= 0); tries++)
      await sleep(100);
    await sleep(500);
    process.kill(probe.pid ?? 0, 'SIGSTOP');
    sendFrames(cable.far, flows(2000, 10), 2000);
    process.kill(probe.pid ?? 0, 'SIGCONT');
    await sleep(600);
    const packets = value('panoptes_capture_packets_total');
    const dropped = value('panoptes_capture_dropped_total');
    expect(packets + dropped).toBe(20_000);
    expect(value('panoptes_capture_source_dropped_total')).toBe(dropped);
    const until = performance.now() + 10_000;
    let latest = 0;
    for (; latest === 0 && performance.now() < until; await sleep(100)) {
      latest = value('panoptes_capture_interval_dropped');
    }
    expect(latest).toBe(dropped);
    probe.kill('SIGINT');
    await once(probe, 'exit');
  });
});
