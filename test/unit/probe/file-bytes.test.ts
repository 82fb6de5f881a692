import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fileBytes, isGzipFile, stdinBytes } from '../../../src/probe/file-bytes.js';

const folder = mkdtempSync(join(tmpdir(), 'panoptes-bytes-'));
const plain = Buffer.from(Array.from({ length: 500_000 }, (_, index) => index % 251));
const { signal } = new AbortController();

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

test('gzip is told by content, not by name', async () => {
  expect(isGzipFile(file('a.pcap', gzipSync(plain)))).toBe(true);
  expect(isGzipFile(file('b.gz', plain))).toBe(false);
  expect(isGzipFile(file('short', Uint8Array.of(0x1f)))).toBe(false);
  expect(isGzipFile(join(folder, 'absent'))).toBe(false);
  expect(isGzipFile(folder)).toBe(false);
});

test('a gzipped file is unpacked', async () => {
  expect((await collect(fileBytes(file('c.gz', gzipSync(plain)), signal))).equals(plain)).toBe(true);
});

test('two gzip members in one file are one stream', async () => {
  const both = Buffer.concat([gzipSync(plain.subarray(0, 1000)), gzipSync(plain.subarray(1000))]);
  expect((await collect(fileBytes(file('d.gz', both), signal))).equals(plain)).toBe(true);
});

test('a cut gzip file gives what is there, then says that it is cut', async () => {
  const packed = gzipSync(plain);
  let got = 0;
  const read = async () => {
    for await (const chunk of fileBytes(file('e.gz', packed.subarray(0, packed.length - 20)), signal))
      got += chunk.length;
  };
  await expect(read()).rejects.toMatchObject({ code: 'cut-file' });
  expect(got).toBeGreaterThan(0);
});

test('a damaged gzip file is a bad file', async () => {
  const packed = gzipSync(plain);
  packed.fill(0xff, 20, 60);
  await expect(collect(fileBytes(file('f.gz', packed), signal))).rejects.toMatchObject({ code: 'bad-file' });
});

test.each([
  ['plain', plain],
  ['gzipped', gzipSync(plain)],
])('stdin that is %s arrives, also byte by byte at first', async (_name, bytes) => {
  const input = new PassThrough();
  input.write(bytes.subarray(0, 1));
  setImmediate(() => input.end(bytes.subarray(1)));
  expect((await collect(stdinBytes(signal, input))).equals(plain)).toBe(true);
});

test('an empty stdin is empty', async () => {
  const input = new PassThrough();
  input.end();
  expect(await collect(stdinBytes(signal, input))).toHaveLength(0);
});

test('aborting ends a stdin on which nothing comes', async () => {
  const stop = new AbortController();
  const input = new PassThrough();
  setImmediate(() => stop.abort());
  expect(await collect(stdinBytes(stop.signal, input))).toHaveLength(0);
  expect(input.destroyed).toBe(true);
});
