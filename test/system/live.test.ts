// Live links: known traffic over a virtual cable between two namespaces, and what the probe says about it. Skipped,
// and reported so, where namespaces cannot be made.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printAddress } from '../../src/record/address.js';
import type { FlowBatch } from '../../src/record/flow-batch.js';
import { LiveProbe, sendDatagrams, sendStream } from './live-probe.js';
import { Cable, ip, namespacesMissing } from './namespaces.js';
import { datagram, sendFrames } from './raw-frames.js';

const missing = namespacesMissing();

/** Time of all threads of a process, of user and system, in ticks of the kernel. */
function cpuTicks(pid: number): number {
  const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(words[11]) + Number(words[12]);
}

const methods = ['ring', 'pcap'] as const;
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

  test('the last records of a link that is stopped wait for room', async () => {
    const changes = { statusInterval: 0, queueBatches: 1 };
    const probe = await LiveProbe.open(cable, [cable.near.interface], changes);
    const frames = Array.from({ length: 9000 }, (_, i) => datagram(1000 + i, 10));
    sendFrames(cable.far, frames);
    await probe.settle();
    await probe.end();
    expect(probe.status?.batchesDropped).toBe(0);
    expect(probe.accounted()).toBe(probe.status?.packets);
    expect(probe.packets((batch, row) => batch.column('protocol')(row) === 17)).toEqual([9000, 0]);
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

  test.each(methods)('nothing spins on an idle link, nor on one that is down (%s)', async (captureMethod) => {
    const { namespace, interface: link } = cable.near;
    const probe = await LiveProbe.open(cable, [link], {}, { captureMethod });
    await sleep(1000);
    // A hundredth of a second each. Idle, it takes one or two of them in that time; spinning, a hundred and more.
    const spent = async () => {
      const before = cpuTicks(probe.pid);
      await sleep(2000);
      return cpuTicks(probe.pid) - before;
    };
    expect(await spent()).toBeLessThan(20);
    ip('-n', namespace, 'link', 'set', link, 'down');
    expect(await spent()).toBeLessThan(20);
    ip('-n', namespace, 'link', 'set', link, 'up');
    await probe.end();
    expect(probe.notices).toEqual([]);
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

  test.each(methods)(
    'a link that goes down and comes up again is measured on (%s)',
    async (captureMethod) => {
      const { namespace, interface: link } = cable.near;
      const probe = await LiveProbe.open(cable, [link], {}, { captureMethod });
      await sendDatagrams(cable, 30, 9005);
      await probe.settle();
      ip('-n', namespace, 'link', 'set', link, 'down');
      await sleep(500);
      ip('-n', namespace, 'link', 'set', link, 'up');
      await sendDatagrams(cable, 40, 9006);
      await probe.settle();
      await probe.end();
      expect(probe.notices).toEqual([]);
      expect(probe.packets(udp(9005))).toEqual([30, 0]);
      expect(probe.packets(udp(9006))).toEqual([40, 0]);
    },
  );

  test.each(methods)(
    'a link that is down is an error that says how to bring it up (%s)',
    async (captureMethod) => {
      const { namespace, interface: link } = cable.near;
      ip('-n', namespace, 'link', 'set', link, 'down');
      const probe = LiveProbe.start(cable, [link], {}, { captureMethod });
      await probe.end(false);
      ip('-n', namespace, 'link', 'set', link, 'up');
      expect(probe.notices).toMatchObject([
        {
          kind: 'error',
          message: `cannot capture on ${link}: it is down`,
          hint: `bring it up: ip link set ${link} up`,
        },
      ]);
    },
  );

  test.each(methods)(
    'an interface that disappears is said once, and its records come (%s)',
    async (captureMethod) => {
      const probe = await LiveProbe.open(cable, [cable.near.interface], {}, { captureMethod });
      await sendDatagrams(cable, 30, 9004);
      await probe.settle();
      cable.unplug();
      await probe.end(false);
      cable.plug();
      expect(probe.notices).toMatchObject([{ kind: 'error', code: 'interface-gone' }]);
      expect(probe.packets(udp(9004))).toEqual([30, 0]);
    },
  );
});
