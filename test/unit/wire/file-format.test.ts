// Frames out of files in any pieces, joined files, cut files, damaged files.
import { describe, expect, it } from 'vitest';
import { FrameSplitter, fileFrame, fileMagic, maxFrameBytes } from '../../../src/wire/file-format.js';
import { seededRandom } from '../support/random.js';

function join(...pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Frames of given lengths; they begin as frames do, with a tag. 80 is the code of 'P'. */
const frames = [1, 5, 80, 127, 128, 300, 17_000, 80, 80].map((length, index) => {
  const frame = new Uint8Array(length).fill(index);
  frame[0] = 18;
  return frame;
});
const body = join(...frames.flatMap((frame) => [fileFrame(frame), frame]));
const file = join(fileMagic, body);

/** As text, because comparing long arrays element by element takes vitest seconds. */
const texts = (list: Uint8Array[]): string[] => list.map((frame) => Buffer.from(frame).toString('latin1'));

function split(bytes: Uint8Array, chunkBytes: () => number): { frames: string[]; cutBytes: number } {
  const splitter = new FrameSplitter();
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = chunkBytes();
    found.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return { frames: texts(found), ...splitter.end() };
}

describe('FrameSplitter', () => {
  it.each([1, 2, 3, 79, 1000, 1 << 20])('finds all frames in chunks of %i bytes', (size) => {
    expect(split(file, () => size)).toEqual({ frames: texts(frames), cutBytes: 0 });
  });

  it('finds all frames in random chunks', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 50; round++) {
      expect(split(file, () => 1 + Math.floor(random() * 500)).frames).toEqual(texts(frames));
    }
  });

  it.each([1, 7, 1 << 20])('reads joined files as one, in chunks of %i', (size) => {
    const joined = join(file, fileMagic, fileMagic, body);
    expect(split(joined, () => size)).toEqual({ frames: texts([...frames, ...frames]), cutBytes: 0 });
  });

  it('gives the whole frames of a file that is cut anywhere, and says how much is left over', () => {
    const small = join(fileMagic, ...frames.slice(0, 5).flatMap((frame) => [fileFrame(frame), frame]));
    const ends = [fileMagic.length];
    for (const frame of frames.slice(0, 5))
      ends.push((ends.at(-1) as number) + fileFrame(frame).length + frame.length);
    for (let cut = fileMagic.length; cut <= small.length; cut++) {
      const whole = ends.filter((end) => end <= cut).length - 1;
      const result = split(small.subarray(0, cut), () => 64);
      expect(result.frames).toEqual(texts(frames.slice(0, whole)));
      expect(result.cutBytes).toBe(cut - (ends[whole] as number));
    }
  });

  it('refuses what does not begin with the magic', () => {
    const splitter = new FrameSplitter();
    expect(() => splitter.push(join(Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1)))).toThrow(
      'does not begin with PANOPTES',
    );
  });

  it('gives the frames before the damage, then says where it is', () => {
    const damaged = join(
      fileMagic,
      fileFrame(frames[1] as Uint8Array),
      frames[1] as Uint8Array,
      Uint8Array.of(0),
    );
    const splitter = new FrameSplitter();
    expect(splitter.push(damaged)).toEqual([frames[1]]);
    expect(() => splitter.end()).toThrow(expect.objectContaining({ code: 'bad-file' }));
    expect(() => splitter.push(Uint8Array.of(1))).toThrow('byte 14');
  });

  it('refuses a frame longer than the limit before it waits for it', () => {
    const prefix = fileFrame({ length: maxFrameBytes + 1 } as Uint8Array);
    expect(() => new FrameSplitter().push(join(fileMagic, prefix))).toThrow(String(maxFrameBytes + 1));
    const atLimit = fileFrame({ length: maxFrameBytes } as Uint8Array);
    expect(new FrameSplitter().push(join(fileMagic, atLimit))).toEqual([]);
  });
});
