// The tool that makes one capture out of many. Skipped without a compiler.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturesIn, corpusMissing, corpusNotes } from '../../../bench/lib/corpus.mjs';
import { tool } from '../../../bench/lib/tools.mjs';

const { CXX = 'g++' } = process.env;
const hasCompiler = spawnSync(CXX, ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'panoptes-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether the ones' complement sum of an IPv4 header is right. */
function headerIsRight(header: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

function ipv4(tags: string, source: string, destination: string): Buffer {
  const header = Buffer.from(`4500001400010000401100000a0000010a000002`, 'hex');
  header.write(source + destination, 12, 'hex');
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  header.writeUInt16BE(~sum & 0xffff, 10);
  return Buffer.concat([Buffer.from(`0200000000020200000000 01${tags}0800`.replace(' ', ''), 'hex'), header]);
}

interface Packet {
  readonly seconds: number;
  readonly wire: number;
  readonly bytes: Buffer;
}

function pcap(link: number, packets: readonly Packet[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(0x00040002, 4);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(link, 20);
  const records = packets.map(({ seconds, wire, bytes }) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(seconds, 0);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(wire, 12);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

function packetsOf(file: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 24; at < file.length; ) {
    const captured = file.readUInt32LE(at + 8);
    const bytes = file.subarray(at + 16, at + 16 + captured);
    packets.push({ seconds: file.readUInt32LE(at), wire: file.readUInt32LE(at + 12), bytes });
    at += 16 + captured;
  }
  return packets;
}

describe.skipIf(!hasCompiler)('captures made into one', () => {
  let corpus: string;
  beforeAll(async () => {
    corpus = await tool('corpus');
  }, 120_000);

  const plain = ipv4('', '0a000001', 'e0000001');
  const tagged = ipv4('8100000a', '0a000001', '0a000002');
  const v6 = Buffer.concat([
    Buffer.from('0200000000020200000000018 6dd'.replace(' ', ''), 'hex'),
    Buffer.from(`6000000000003b40${'fe80'.padEnd(31, '0')}1${'fe80'.padEnd(31, '0')}2`, 'hex'),
  ]);
  const other = Buffer.from(`0180c20000000200000000 0100 26`.replaceAll(' ', '').padEnd(120, '0'), 'hex');

  function make(captures: Record<string, Buffer>, packets: number) {
    const paths = Object.entries(captures).map(([name, bytes]) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    });
    const out = join(folder, 'out.cap.made');
    const { stdout, stderr, status } = spawnSync(corpus, [out, String(packets), ...paths]);
    expect(String(stderr)).toBe('');
    expect(status).toBe(0);
    return { said: JSON.parse(String(stdout)), packets: packetsOf(readFileSync(out)) };
  }

  it('come one behind the other, in rounds until there are enough packets', () => {
    const { said, packets } = make(
      {
        'a.pcap': pcap(1, [
          { seconds: 5000, wire: 60, bytes: plain },
          { seconds: 5003, wire: 34, bytes: plain },
        ]),
        'b.pcap': pcap(1, [{ seconds: 9, wire: 1000, bytes: tagged }]),
      },
      4,
    );
    expect(said).toMatchObject({ captures: 2, packetsPerRound: 3, rounds: 2, packets: 4, leftOut: [] });
    const begin = packets[0]?.seconds ?? 0;
    expect(packets.map(({ seconds }) => seconds - begin)).toEqual([0, 3, 4, 5]);
    expect(packets.map(({ wire }) => wire)).toEqual([60, 34, 1000, 60]);
    expect(packets[0]?.bytes).toEqual(plain);
    expect(packets[2]?.bytes).toEqual(tagged);
  });

  it('have other addresses in each round, of the same kinds, and headers whose checksums are right', () => {
    const one = [plain, tagged, v6, other].map((bytes) => ({ seconds: 1, wire: 100, bytes }));
    const { packets } = make({ 'all.pcap': pcap(1, one) }, 12);
    const at = (index: number) => packets[index]?.bytes ?? Buffer.alloc(0);
    for (const [first, second] of [
      [4, 0],
      [8, 0],
      [8, 4],
    ] as const) {
      // IPv4: both addresses by the same mask, multicast stays multicast
      expect(at(first).subarray(26, 34)).not.toEqual(at(second).subarray(26, 34));
      expect(at(first).readUInt32BE(26) ^ at(first).readUInt32BE(30)).toBe(0x0a000001 ^ 0xe0000001);
      expect((at(first)[30] ?? 0) >> 4).toBe(0xe);
      expect(headerIsRight(at(first).subarray(14, 34))).toBe(true);
      // behind a VLAN tag as well, and the tag stays
      expect(at(first + 1).subarray(0, 18)).toEqual(tagged.subarray(0, 18));
      expect(at(first + 1).subarray(30)).not.toEqual(at(second + 1).subarray(30));
      expect(headerIsRight(at(first + 1).subarray(18, 38))).toBe(true);
      // IPv6: still link-local, the ends still 1 and 2
      expect(at(first + 2).subarray(22, 26)).toEqual(v6.subarray(22, 26));
      expect(at(first + 2).subarray(26, 34)).not.toEqual(at(second + 2).subarray(26, 34));
      expect([at(first + 2)[37], at(first + 2)[53]]).toEqual([1, 2]);
      // neither: the MAC addresses, multicast stays multicast
      expect(at(first + 3).subarray(0, 3)).toEqual(other.subarray(0, 3));
      expect(at(first + 3).subarray(3, 12)).not.toEqual(at(second + 3).subarray(3, 12));
      expect(at(first + 3).subarray(12)).toEqual(other.subarray(12));
    }
  });

  it('leave out what is not Ethernet, empty or no capture, and say so', () => {
    const good = { seconds: 1, wire: 60, bytes: plain };
    const { said } = make(
      {
        'good.pcap': pcap(1, [good]),
        'raw.pcap': pcap(101, [good]),
        'none.pcap': pcap(1, []),
        'text.pcap': Buffer.from('this is no capture at all'),
        'cut.pcap': pcap(1, [good, good]).subarray(0, -5),
      },
      2,
    );
    const named = (list: { path: string; reason: string }[]) =>
      list.map(({ path }) => path.slice(folder.length + 1));
    expect(said.captures).toBe(2);
    expect(named(said.leftOut)).toEqual(['raw.pcap', 'none.pcap', 'text.pcap']);
    expect(said.leftOut[0].reason).toBe('link type RAW');
    expect(named(said.cut)).toEqual(['cut.pcap']);
    expect(corpusNotes(said)).toEqual([
      'corpus: 2 captures, 2 packets a round, 1 rounds',
      expect.stringMatching(
        /^corpus: left out: raw\.pcap \(link type RAW\), none\.pcap \(no packet\), text\.pcap \(/,
      ),
      expect.stringMatching(/^corpus: read up to where they break off: cut\.pcap \(/),
    ]);
  });

  it('do not let a strange clock carry the rest away', () => {
    const at = (seconds: number) => ({ seconds, wire: 60, bytes: plain });
    const { packets } = make({ 'clock.pcap': pcap(1, [at(10), at(2_000_000_000), at(7)]) }, 3);
    const begin = packets[0]?.seconds ?? 0;
    expect(packets.map(({ seconds }) => seconds - begin)).toEqual([0, 60, 59]);
  });
});

describe('the case of real captures', () => {
  it('is skipped, and says so, where there are none', () => {
    expect(capturesIn(join(folder, 'nowhere'))).toEqual([]);
    expect(corpusMissing(join(folder, 'nowhere'))).toMatch(
      /^corpus: skipped, there are no captures in .*nowhere/,
    );
  });
});
