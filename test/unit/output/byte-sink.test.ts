// Where the bytes of record files go, when the disk takes only part of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSink } from '../../../src/output/byte-sink.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'panoptes-sink-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (...words: string[]): Uint8Array[] => words.map((word) => Buffer.from(word));

/** A file with room for so many bytes: takes what fits, then fails, as a full disk does. */
function limited(file: FileHandle, room: { bytes: number }) {
  return {
    async writev(chunks: readonly Uint8Array[], position?: number) {
      const some = Buffer.concat(chunks).subarray(0, Math.min(5, room.bytes));
      if (some.length === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      room.bytes -= some.length;
      await file.write(some, 0, some.length, position);
      return { bytesWritten: some.length, buffers: [] };
    },
    truncate: (length?: number) => file.truncate(length),
    close: () => file.close(),
  };
}

describe('FileSink', () => {
  it('writes on where the system took only part', async () => {
    const path = join(folder, 'parts');
    const sink = new FileSink(limited(await open(path, 'w'), { bytes: 1000 }) as never, true);
    await sink.write(text('abc', 'defg', '', 'hijklmnop'));
    await sink.write(text('qr'));
    await sink.close();
    expect(readFileSync(path, 'utf8')).toBe('abcdefghijklmnopqr');
  });

  it('cuts back what a failed write left, and can be tried again', async () => {
    const path = join(folder, 'full');
    const room = { bytes: 12 };
    const sink = new FileSink(limited(await open(path, 'w'), room) as never, true);
    await sink.write(text('whole'));
    await expect(sink.write(text('too long for it'))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readFileSync(path, 'utf8')).toBe('whole');
    room.bytes = 100;
    await sink.write(text(' again'));
    await sink.close();
    expect(readFileSync(path, 'utf8')).toBe('whole again');
  });
});
