// What must not change in the records when a capture changes in a way that means nothing, on captures that the project
// makes itself. With the real addon, from the bytes of the capture to the columns of the records.
import { describe, expect, test } from 'vitest';
import type { ColumnName } from '../../src/record/columns.js';
import type { CapturedPacket } from '../../src/sample/capture-writer.js';
import { conversationPackets, sampleCaptures } from '../../src/sample/captures.js';
import type { ConversationName } from '../../src/sample/conversations.js';
import { Random } from '../../src/sample/random.js';
import { placesOf } from '../support/frame-places.js';
import { type Merged, mergedFlows } from '../support/merge-records.js';
import { measure, type RecordValues, type Run, without } from '../support/records.js';
import {
  blankOptions,
  complement,
  exchangeAddresses,
  type Packets,
  packetsOf,
  renameAddresses,
  shiftSequences,
  shiftTime,
  snap,
  timeOf,
  wear,
} from '../support/transform-capture.js';

const lossy = (seed: number) => conversationPackets('lossyDownload', seed);
const isIpv4 = (packets: Packets) => packets.every(({ bytes }) => bytes[12] === 8 && bytes[13] === 0);
const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);
/** Connections with losses, reordering, copies and gaps. */
const worn = [3, 7, 17, 29].map((seed) => wear(lossy(seed), new Random(seed)));
const whole = sampleCaptures()
  .filter(({ name }) => /^(web|lossy|dns|ping|arp|ntp|odd|mixed)\.pcap$/.test(name))
  .map(({ name, bytes }) => [name, packetsOf(bytes)] as const);
const conversations = (['terminal', 'web', 'dns'] satisfies ConversationName[]).map(
  (name) => [`${name}, worn`, wear(conversationPackets(name, 23, 5), new Random(5))] as const,
);
const captures: readonly (readonly [name: string, packets: CapturedPacket[]])[] = [
  ...whole,
  ...worn.map((packets, index) => [`worn ${index}`, packets] as const),
  ...conversations,
];

test('the captures hold what the properties are about', async () => {
  const { records } = await measure(captures.map(([, packets]) => packets));
  const sum = (name: ColumnName) => records.reduce((all, record) => all + Number(record[name] ?? 0), 0);
  for (const name of ['Retrans', 'OutOfOrder', 'LostBefore', 'GapBytes', 'TcpJumps', 'Duplicates'] as const) {
    expect([name, sum(`src${name}`) + sum(`dst${name}`) > 0]).toEqual([name, true]);
  }
});

describe.each(captures)('%s', (_name, packets) => {
  test('at another time it gives the same records at another time', async () => {
    // Whole seconds keep the place of packets in status intervals of 5 s where 5 divides them.
    for (const [shift, options] of [
      [86_400n * 1_000_000_000n, {}],
      [-5_000_000_000n, { statusInterval: 1 }],
      [123_456_789_123n, { statusInterval: 0 }],
    ] as const) {
      const moved = await measure([shiftTime(packets, shift)], options);
      const expected = (await measure([packets], options)).records.map((record) => ({
        ...record,
        start: (record.start as bigint) + shift,
      }));
      expect(moved.records).toEqual(expected);
    }
  });

  const renamed = (records: readonly RecordValues[], rename: (address: Uint8Array) => Uint8Array) =>
    records.map((record) => {
      const name = (hex: string) => Buffer.from(rename(Buffer.from(hex, 'hex'))).toString('hex');
      const names = (
        ['srcAddress', 'dstAddress', 'inode', 'tunnelSrc', 'tunnelDst', 'srcMac', 'dstMac'] as const
      )
        .filter((column) => record[column] !== undefined)
        .map((column) => [column, name(record[column] as string)] as const);
      return { ...record, ...Object.fromEntries(names) };
    });

  test('with addresses exchanged it gives the same records with addresses exchanged', async () => {
    for (const seed of [1, 2, 3]) {
      const rename = exchangeAddresses(packets, new Random(seed));
      const other = await measure([renameAddresses(packets, rename)]);
      expect(renamed(other.records, rename)).toEqual((await measure([packets])).records);
    }
  });

  test('with every lower end the higher one it gives the same records', async () => {
    for (const statusInterval of [0, 1, 5]) {
      const other = await measure([renameAddresses(packets, complement)], { statusInterval });
      expect(renamed(other.records, complement)).toEqual(
        (await measure([packets], { statusInterval })).records,
      );
    }
  });

  test('in two files it gives the records of one', async () => {
    const one = await measure([packets], { statusInterval: 1 });
    const step = Math.max(1, Math.floor(packets.length / 40));
    for (let at = 0; at <= packets.length; at += step) {
      const two = await measure([packets.slice(0, at), packets.slice(at)], { statusInterval: 1 });
      expect(two.records).toEqual(one.records);
    }
  });

  test('with other sequence numbers, wherever they wrap, it gives the same records', async () => {
    const bases: ColumnName[] = ['srcTcpBase', 'dstTcpBase'];
    const segments = packets.filter(({ bytes }) => placesOf(bytes).tcp !== undefined);
    if (segments.length === 0) return;
    const expected = without((await measure([packets])).records, ...bases);
    const random = new Random(9);
    for (let times = 0; times < 25; times++) {
      // One direction wraps in or right at one of its segments, the others somewhere.
      const { bytes } = random.pick(segments);
      const { tcp } = placesOf(bytes);
      if (!tcp) throw new Error('no segment');
      const key = (src: Uint8Array, port: number, dst: Uint8Array) => [...src, port, ...dst].join();
      const chosen = key(tcp.src, tcp.srcPort, tcp.dst);
      const shifts = new Map([
        [chosen, random.whole(-2, 1500) - new DataView(bytes.buffer, bytes.byteOffset).getUint32(tcp.at + 4)],
      ]);
      const shift = (src: Uint8Array, port: number, dst: Uint8Array) => {
        const known = shifts.get(key(src, port, dst)) ?? random.uint32();
        shifts.set(key(src, port, dst), known);
        return known;
      };
      const other = await measure([shiftSequences(packets, shift)]);
      expect(without(other.records, ...bases)).toEqual(expected);
    }
  });

  test('in short reports it says together what it says in one', async () => {
    const one = mergedFlows(await measure([packets], { statusInterval: 0 }));
    for (const statusInterval of [1, 5]) {
      const many = mergedFlows(await measure([packets], { statusInterval }));
      expect([...many.keys()]).toEqual([...one.keys()]);
      for (const [id, merged] of many) expectSame(merged, one.get(id) as Merged);
    }
  });
});

function expectSame(merged: Merged, whole: Merged): void {
  expect(merged.values).toEqual(whole.values);
  expect(Object.keys(merged.statistics).sort()).toEqual(Object.keys(whole.statistics).sort());
  for (const [name, statistics] of Object.entries(whole.statistics)) {
    const other = merged.statistics[name];
    if (!statistics || !other) throw new Error(`no ${name}`);
    expect([name, other.count, other.min, other.max]).toEqual([
      name,
      statistics.count,
      statistics.min,
      statistics.max,
    ]);
    expectNear(name, other.mean, statistics.mean, statistics.max);
    expectNear(name, other.m2, statistics.m2, statistics.count * statistics.max ** 2);
  }
}

/** To 1e-9 of the value, or where that is a small difference of large numbers, of these. */
function expectNear(name: string, value: number, expected: number, scale: number): void {
  const error = Math.abs(value - expected);
  const isNear = error <= 1e-9 * Math.abs(expected) || error <= 1e-12 * scale;
  expect(isNear ? name : `${name}: ${value} is not ${expected}`).toBe(name);
}

describe('cut behind the TCP header', () => {
  const notOfTcp: ColumnName[] = ['srcPayload', 'dstPayload'];
  const ofRun = (run: Run) => without(run.records, ...notOfTcp);

  test.each(seeds.filter((seed) => isIpv4(lossy(seed))).slice(0, 12))(
    'a capture without options (seed %i) has the same numbers of TCP',
    async (seed) => {
      const packets = wear(blankOptions(lossy(seed)), new Random(seed));
      const cut = await measure([snap(packets, 54)]);
      // Padding is an option as well, which is all that a cut capture does not know.
      const options: ColumnName[] = ['srcTcpOptions', 'dstTcpOptions'];
      expect(without(ofRun(cut), ...options)).toEqual(without(ofRun(await measure([packets])), ...options));
    },
  );

  test.each(seeds.slice(0, 12))(
    'what is counted without options is the same where there are some (seed %i)',
    async (seed) => {
      const packets = wear(lossy(seed), new Random(seed));
      const counted = (of: string) => [`src${of}`, `dst${of}`] as ColumnName[];
      const names = ['Packets', 'Bytes', 'AppBytes', 'Retrans', 'RetransBytes', 'GapBytes', 'TcpJumps']
        .concat('DupAcks', 'KeepAlives', 'ZeroWindows', 'SynRepeats', 'TcpBase', 'TcpFlags')
        .flatMap(counted);
      const only = (run: Run) => run.records.map((record) => names.map((name) => record[name]));
      const cut = await measure([snap(packets, isIpv4(packets) ? 54 : 74)]);
      expect(only(cut)).toEqual(only(await measure([packets])));
    },
  );
});

test('the transformations change what they say', () => {
  const packets = lossy(17);
  const first = packets[0] as CapturedPacket;
  expect(timeOf(shiftTime(packets, 5n)[0] as CapturedPacket)).toBe(timeOf(first) + 5n);
  expect(renameAddresses(packets, complement)[0]?.bytes).not.toEqual(first.bytes);
  expect(renameAddresses(renameAddresses(packets, complement), complement)).toEqual(packets);
  expect(shiftSequences(packets, () => 1)[0]?.bytes).not.toEqual(first.bytes);
  expect(
    shiftSequences(
      shiftSequences(packets, () => 7),
      () => -7,
    ),
  ).toEqual(packets);
  expect(snap(packets, 54).every(({ bytes }) => bytes.length <= 54)).toBe(true);
  expect(wear(packets, new Random(1))).not.toEqual(packets);
});
