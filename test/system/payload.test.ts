// First payload bytes through the whole command: -U and --mask-payload, from a capture into a record file. Needs a
// build (npm run build).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { text } from '../../src/sample/bytes.js';
import { pcapFile } from '../../src/sample/capture-writer.js';
import { dnsQuery, dnsResponse } from '../../src/sample/dns-message.js';
import { type Link, tcpFlags, tcpFrame, udpFrame } from '../../src/sample/packet.js';
import { decodeFrame } from '../../src/wire/codec.js';
import { FrameSplitter } from '../../src/wire/file-format.js';

const main = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'panoptes-payload-'));
const capture = join(folder, 'payload.pcap');
const link: Link = { srcMac: '02:00:00:00:00:01', dstMac: '02:00:00:00:00:02' };
const there = { src: '10.0.0.1', dst: '192.0.2.1' };
const back = { src: there.dst, dst: there.src };

const question = { id: 7, name: 'long.example', type: 'TXT' } as const;
const query = dnsQuery(question);
const answer = dnsResponse(question, ['a'.repeat(200), 'b'.repeat(200), 'c'.repeat(200)]);
const login = 'USER alice\r\nPASS s3cret!\r\n';
const log = `<13>${'x'.repeat(96)}`; // 100 bytes

beforeAll(() => {
  const client = { srcPort: 40000, dstPort: 110, window: 1000 };
  const tcp = (at: number, payload: string, flags = tcpFlags.ack) =>
    tcpFrame(
      link,
      { ...there, id: 10 + at },
      { ...client, sequence: 1001 + at, acknowledgment: 1, flags, payload: text(payload) },
    );
  const frames = [
    udpFrame(link, there, { srcPort: 40001, dstPort: 53, payload: query }),
    udpFrame(link, back, { srcPort: 53, dstPort: 40001, payload: answer }),
    udpFrame(link, there, { srcPort: 40002, dstPort: 514, payload: text(log) }),
    tcpFrame(link, there, { ...client, sequence: 1000, flags: tcpFlags.syn }),
    tcp(12, login.slice(12)), // the second segment comes first
    tcp(0, login.slice(0, 12)),
    tcp(0, login.slice(0, 12)), // again
  ];
  const packets = frames.map((bytes, index) => ({
    seconds: 1_767_225_600,
    nanos: index * 10_000_000,
    bytes,
  }));
  writeFileSync(capture, pcapFile(packets));
});

function probe(...words: string[]) {
  return measure(capture, words);
}

function measure(from: string, words: readonly string[]) {
  const out = join(folder, 'out.pan');
  const result = spawnSync(process.execPath, [main, 'probe', '-r', from, '-w', out, ...words], {
    input: from === '-' ? readFileSync(capture) : '',
  });
  expect(result.stderr.toString()).toContain('7 packets');
  const file = readFileSync(out);
  const kept = new Map<number | undefined, string[]>();
  for (const frame of new FrameSplitter().push(file).map(decodeFrame)) {
    if (frame.kind !== 'batch') continue;
    const { batch } = frame;
    const port = batch.column('dstPort');
    for (let row = 0; row < batch.rows; row++) {
      const sides = [batch.payload('src')(row), batch.payload('dst')(row)];
      kept.set(
        port(row),
        sides.map((bytes) => Buffer.from(bytes ?? []).toString('latin1')),
      );
    }
  }
  return { file, dns: kept.get(53), syslog: kept.get(514)?.[0], pop: kept.get(110)?.[0] };
}

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

test('by default DNS messages are whole, and 64 bytes of everything else, in the order of the stream', () => {
  expect(answer.length).toBeGreaterThan(600);
  expect(probe()).toMatchObject({ dns: [latin(query), latin(answer)], syslog: log.slice(0, 64), pop: login });
});

test('what comes from standard input is kept in the same way', () => {
  expect(measure('-', [])).toMatchObject({
    dns: [latin(query), latin(answer)],
    syslog: log.slice(0, 64),
    pop: login,
  });
  expect(measure('-', ['-U', '0,514=100'])).toMatchObject({ dns: ['', ''], syslog: log, pop: '' });
});

test('one size is for everything, DNS too', () => {
  expect(probe('-U', '10')).toMatchObject({
    dns: [latin(query).slice(0, 10), latin(answer).slice(0, 10)],
    syslog: log.slice(0, 10),
    pop: login.slice(0, 10),
  });
  expect(probe('-U', '0')).toMatchObject({ dns: ['', ''], syslog: '', pop: '' });
});

test('rules are for ports and protocols, the rest stays as it is', () => {
  expect(probe('-U', 'tcp/pop3=4')).toMatchObject({
    dns: [latin(query), latin(answer)],
    syslog: log.slice(0, 64),
    pop: 'USER',
  });
  expect(probe('-U', '0,udp/500-600=90')).toMatchObject({ dns: ['', ''], syslog: log.slice(0, 90), pop: '' });
});

test('what is masked is in no byte of the file', () => {
  const one = probe('-U', '64,tcp=64:mask');
  expect(one.pop).toBe('xxxx xxxxx\r\nxxxx x9xxxx!\r\n');
  expect(one.syslog).toBe(log.slice(0, 64));
  expect(one.file.includes('alice')).toBe(false);
  const all = probe('--mask-payload');
  expect(all.syslog).toBe(log.slice(0, 64).replace('13', '99'));
  expect(all.dns?.[1]).toHaveLength(answer.length);
  for (const word of ['alice', 'cret', 'aaaa', 'example']) expect(all.file.includes(word)).toBe(false);
});

test('a rule that cannot be ends with 2 and says where', () => {
  const { status, stderr } = spawnSync(process.execPath, [
    main,
    'probe',
    '-r',
    capture,
    '-w',
    '-',
    '-U',
    '64,htttp=1',
  ]);
  expect(status).toBe(2);
  expect(stderr.toString()).toContain("'htttp' at 4 is no port or protocol, did you mean 'http'?");
});
