// Captures through the client: measured on the fly, whatever they are called and however they are packed.
// Needs the built addon.

import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeSources, openSource, type StreamItem } from '../../src/client/stream.js';
import { type CapturedPacket, pcapFile, pcapngFile } from '../../src/sample/capture-writer.js';
import { samplePackets } from '../../src/sample/sample-traffic.js';

const count = 5000;
let folder = '';
let packets: CapturedPacket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panoptes-stream-capture-'));
  const endless = samplePackets({ seed: 7 });
  packets = Array.from({ length: count }, () => endless.next().value);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function read(items: AsyncIterable<StreamItem>) {
  const seen = { packets: 0, statusPackets: [] as number[], warnings: [] as string[] };
  for await (const item of items) {
    if (item.kind === 'batch') {
      const [src, dst] = [item.batch.column('srcPackets'), item.batch.column('dstPackets')];
      for (let row = 0; row < item.batch.rows; row++) seen.packets += (src(row) ?? 0) + (dst(row) ?? 0);
    } else if (item.kind === 'status' && item.status.last) seen.statusPackets.push(item.status.packets);
    else if (item.kind === 'warning') seen.warnings.push(item.code);
  }
  return seen;
}

const { signal } = new AbortController();
const readFile = (path: string) => read(openSource({ kind: 'file', path }, { signal }));

describe('a capture', () => {
  it.each([
    ['pcap', () => pcapFile(packets), 'a.pan'],
    ['pcapng', () => pcapngFile(packets), 'a.pcap'],
    ['gzipped pcap', () => gzipSync(pcapFile(packets)), 'a.txt'],
    ['gzipped pcapng', () => gzipSync(pcapngFile(packets)), 'a'],
  ])('that is %s is measured, every packet of it', async (_, bytes, name) => {
    expect(await readFile(await write(name, bytes()))).toEqual({
      packets: count,
      statusPackets: [count],
      warnings: [],
    });
  });

  it('comes through a named pipe', async () => {
    const file = await write('whole.pcap', pcapFile(packets));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [seen] = await Promise.all([
      readFile(pipe),
      pipeline(createReadStream(file), createWriteStream(pipe)),
    ]);
    expect(seen.packets).toBe(count);
  });

  it('that is cut gives what is whole, and one warning', async () => {
    const whole = pcapFile(packets);
    const plain = await readFile(await write('cut.pcap', whole.subarray(0, whole.length / 2)));
    const packed = gzipSync(whole);
    const gzipped = await readFile(await write('cut.gz', packed.subarray(0, packed.length / 2)));
    for (const seen of [plain, gzipped]) {
      expect(seen.warnings).toEqual(['cut-file']);
      expect(seen.packets).toBe(seen.statusPackets[0]);
      expect(seen.packets).toBeGreaterThan(count / 4);
      expect(seen.packets).toBeLessThan(count);
    }
  });

  it('that is none is refused with what was found', async () => {
    await expect(readFile(await write('note.pcap', Buffer.from('hello')))).rejects.toMatchObject({
      code: 'not-a-capture',
      message: expect.stringContaining('hello'),
    });
    await expect(readFile(await write('note.gz', gzipSync('hello')))).rejects.toMatchObject({
      code: 'not-a-capture',
    });
  });

  it('is read after the one before it', async () => {
    const path = await write('one.pcap', pcapFile(packets));
    const seen = await read(
      mergeSources(
        [1, 2].map(() => ({ kind: 'file', path }) as const),
        { signal },
      ),
    );
    expect(seen.statusPackets).toEqual([count, count]);
    expect(seen.packets).toBe(2 * count);
  });

  it('stops at the signal', async () => {
    const path = await write('stop.pcap', pcapFile(packets));
    const abort = new AbortController();
    let items = 0;
    for await (const _ of openSource({ kind: 'file', path }, { signal: abort.signal })) {
      items++;
      abort.abort();
    }
    expect(items).toBe(1);
  });
});
