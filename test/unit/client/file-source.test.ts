import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSource, type StreamItem } from '../../../src/client/stream.js';
import { encodeFrame } from '../../../src/wire/codec.js';
import { fileFrame, fileMagic } from '../../../src/wire/file-format.js';
import { batchFrame, gapFrame, largeFrame, statusFrame, welcomeOf } from '../fanout/synthetic.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panoptes-file-source-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const welcome = encodeFrame({ kind: 'welcome', welcome: welcomeOf() });

function fileOf(...frames: Uint8Array[]): Buffer {
  return Buffer.concat([fileMagic, ...frames.flatMap((frame) => [fileFrame(frame), frame])]);
}

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function read(path: string, into: StreamItem[] = []): Promise<StreamItem[]> {
  const { signal } = new AbortController();
  for await (const item of openSource({ kind: 'file', path }, { signal })) into.push(item);
  return into;
}

function story(items: readonly StreamItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'batch') return `batch ${item.batch.number}`;
    return item.kind === 'warning' ? item.code : item.kind;
  });
}

describe('reading a record file', () => {
  it('gives its frames in order', async () => {
    const path = await write(
      'a.pan',
      fileOf(welcome, batchFrame(1), gapFrame(1, 8), statusFrame(9), batchFrame(3)),
    );
    expect(story(await read(path))).toEqual(['welcome', 'batch 1', 'gap', 'status', 'batch 3']);
  });

  it('gives the bytes of each batch as they stand in the file', async () => {
    const path = await write('b.pan', fileOf(welcome, batchFrame(1)));
    const [, batch] = await read(path);
    expect(batch?.kind === 'batch' && Buffer.from(batch.bytes).equals(batchFrame(1))).toBe(true);
  });

  it('reads files that were joined with cat', async () => {
    const one = fileOf(welcome, batchFrame(1));
    const path = await write('joined.pan', Buffer.concat([one, one]));
    expect(story(await read(path))).toEqual(['welcome', 'batch 1', 'welcome', 'batch 1']);
  });

  it('tells by content: a gzipped file of any name, also of several members', async () => {
    const frames = Array.from({ length: 30 }, (_, index) => largeFrame(index + 1, 100_000));
    const whole = fileOf(welcome, ...frames);
    const members = [gzipSync(whole.subarray(0, 1_000_000)), gzipSync(whole.subarray(1_000_000))];
    const path = await write('gzipped.pcap', Buffer.concat(members));
    expect(story(await read(path))).toEqual(['welcome', ...frames.map((_, index) => `batch ${index + 1}`)]);
  });

  it('gives all whole frames of a file that is cut anywhere, and says so', async () => {
    const frames = [welcome, batchFrame(1), batchFrame(2)];
    const whole = fileOf(...frames);
    const ends = frames.map((_, index) => fileOf(...frames.slice(0, index + 1)).length);
    const names = ['welcome', 'batch 1', 'batch 2'];
    for (let size = 1; size < whole.length; size += 13) {
      const items = story(await read(await write('cut.pan', whole.subarray(0, size))));
      const count = ends.filter((end) => end <= size).length;
      const isWhole = size === fileMagic.length || ends.includes(size);
      expect(items, `cut at ${size}`).toEqual([...names.slice(0, count), ...(isWhole ? [] : ['cut-file'])]);
    }
  });

  it('gives what a cut gzip file holds, and says so', async () => {
    const frames = Array.from({ length: 50 }, (_, index) => batchFrame(index + 1, 100));
    const packed = gzipSync(fileOf(welcome, ...frames));
    let most = 0;
    for (const part of [0.3, 0.6, 0.9]) {
      const items = story(await read(await write('cut.pan.gz', packed.subarray(0, packed.length * part))));
      expect(items.at(-1)).toBe('cut-file');
      expect(items.filter((word) => word === 'cut-file')).toHaveLength(1);
      expect(items.length).toBeGreaterThan(most);
      most = items.length;
    }
    // All the data, but not the checksum behind them.
    const items = story(await read(await write('cut.pan.gz', packed.subarray(0, -4))));
    expect(items).toHaveLength(frames.length + 2);
    expect(items.at(-1)).toBe('cut-file');
  });

  it('refuses a file that contradicts itself, with its name', async () => {
    const bad = Uint8Array.from([0x12, 3, 1, 2, 3]);
    const path = await write('bad.pan', fileOf(welcome, batchFrame(1), bad));
    const items: StreamItem[] = [];
    await expect(read(path, items)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('bad.pan: frame 3'),
    });
    expect(story(items)).toEqual(['welcome', 'batch 1']);
  });

  it('gives the frames before damage, then says where it is', async () => {
    const whole = fileOf(welcome, batchFrame(1));
    const path = await write('torn.pan', Buffer.concat([whole, Buffer.alloc(100, 0xff)]));
    const items: StreamItem[] = [];
    await expect(read(path, items)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(new RegExp(`torn.pan: .*${whole.length}`)),
    });
    expect(story(items)).toEqual(['welcome', 'batch 1']);
  });

  it('refuses damaged gzip data', async () => {
    const packed = gzipSync(fileOf(welcome, batchFrame(1, 500)));
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 40);
    const path = await write('damaged.pan.gz', packed);
    await expect(read(path)).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('refuses a schema of the future', async () => {
    const future = encodeFrame({ kind: 'welcome', welcome: { ...welcomeOf(), schema: 2, version: '9.0' } });
    const path = await write('future.pan', fileOf(future));
    await expect(read(path)).rejects.toMatchObject({
      code: 'wrong-schema',
      hint: expect.stringContaining('9.0'),
    });
  });

  it('says that a file is not there, or is a folder', async () => {
    await expect(read(join(folder, 'none.pan'))).rejects.toMatchObject({ code: 'no-such-file' });
    await expect(read(folder)).rejects.toMatchObject({
      code: 'no-such-file',
      message: expect.stringContaining('directory'),
    });
  });

  it('ends at once and without an error at the signal', async () => {
    const frames = Array.from({ length: 200 }, (_, index) => largeFrame(index + 1, 50_000));
    const path = await write('long.pan', fileOf(welcome, ...frames));
    const abort = new AbortController();
    let count = 0;
    for await (const item of openSource({ kind: 'file', path }, { signal: abort.signal })) {
      if (item.kind === 'batch' && ++count === 3) abort.abort();
    }
    expect(count).toBe(3);
  });
});
