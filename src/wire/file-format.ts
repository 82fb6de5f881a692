// The record file: the magic, then frames, each behind its length as a varint. A file and a pipe look the same, and
// files may be joined with cat. Neighbours: output/ writes it, client/ reads it.
import { PanoptesError } from '../errors.js';

/** "PANOPTES": the first 8 bytes; may stand again between frames. */
export const fileMagic: Uint8Array = Uint8Array.from('PANOPTES', (letter) => letter.charCodeAt(0));

/** A longer frame is taken for a damaged file. */
export const maxFrameBytes = 64 << 20;

/** Whether a file begins like gzip (RFC 1952 2.3.1). */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The bytes that go before a frame in a file: its length as a varint. */
export function fileFrame(frameBytes: Uint8Array): Uint8Array {
  const prefix: number[] = [];
  let rest = frameBytes.length;
  while (rest > 127) {
    prefix.push((rest & 127) | 128);
    rest >>>= 7;
  }
  prefix.push(rest);
  return Uint8Array.from(prefix);
}

// The magic as a length prefix would be 80 ('P'), which a frame may have too: so a magic is looked for first. A frame
// cannot be taken for it: its first byte is a tag of Frame (10, 18, 26, ...), never 'A'.
const magicFirst = fileMagic[0] as number;
const magicSecond = fileMagic[1] as number;

/**
 * Cuts the chunks of a file or pipe into frames. Frames are views of the chunks where these hold them whole; a frame
 * over several chunks is put together once. Throws PanoptesError('bad-file') with the offset.
 */
export class FrameSplitter {
  #chunks: Uint8Array[] = [];
  #held = 0;
  /** Bytes of the file before the held ones. */
  #offset = 0;
  /** Held bytes below this cannot hold the next frame; avoids joining them again with each chunk. */
  #needed = 1;
  #started = false;
  #failure: PanoptesError | undefined;

  /** Frames that this chunk completes; those before damage are returned before it is thrown. */
  push(chunk: Uint8Array): Uint8Array[] {
    if (this.#failure) throw this.#failure;
    if (chunk.length > 0) {
      this.#chunks.push(chunk);
      this.#held += chunk.length;
    }
    return this.#held < this.#needed ? [] : this.#cut();
  }

  /** Ends the file; `cutBytes` belong to a frame that is not whole. */
  end(): { cutBytes: number } {
    if (this.#failure) throw this.#failure;
    return { cutBytes: this.#held };
  }

  #cut(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    try {
      this.#cutInto(frames);
    } catch (error) {
      this.#failure = error as PanoptesError;
      if (frames.length === 0) throw error;
    }
    return frames;
  }

  #cutInto(frames: Uint8Array[]): void {
    const bytes = this.#joined();
    let at = 0;
    this.#needed = 1;
    while (at < bytes.length) {
      if (!this.#started || this.#isMagic(bytes, at)) {
        if (!this.#checkMagic(bytes, at)) break;
        at += fileMagic.length;
        this.#started = true;
        continue;
      }
      const length = readLength(bytes, at, this.#offset + at);
      if (!length) break;
      const start = at + length.prefixBytes;
      if (bytes.length - start < length.value) {
        this.#needed = length.prefixBytes + length.value;
        break;
      }
      frames.push(bytes.subarray(start, start + length.value));
      at = start + length.value;
    }
    this.#keep(bytes, at);
  }

  #joined(): Uint8Array {
    if (this.#chunks.length === 1) return this.#chunks[0] as Uint8Array;
    const joined = new Uint8Array(this.#held);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    return joined;
  }

  #keep(bytes: Uint8Array, from: number): void {
    const rest = bytes.subarray(from);
    this.#offset += from;
    this.#held = rest.length;
    this.#chunks = rest.length > 0 ? [rest] : [];
  }

  // Whether a magic may begin here, as far as the bytes go: 'P' alone can be either and needs one more byte.
  #isMagic(bytes: Uint8Array, at: number): boolean {
    if (bytes[at] !== magicFirst) return false;
    return at + 1 >= bytes.length || bytes[at + 1] === magicSecond;
  }

  /** True: a whole magic; false: more bytes are needed. */
  #checkMagic(bytes: Uint8Array, at: number): boolean {
    const size = Math.min(fileMagic.length, bytes.length - at);
    for (let i = 0; i < size; i++) {
      if (bytes[at + i] !== fileMagic[i]) {
        throw new PanoptesError(
          'bad-file',
          this.#started
            ? `not a record where one should begin, at byte ${this.#offset + at}`
            : 'not a record file: it does not begin with PANOPTES',
        );
      }
    }
    if (size === fileMagic.length) return true;
    this.#needed = fileMagic.length;
    return false;
  }
}

function readLength(
  bytes: Uint8Array,
  at: number,
  offset: number,
): { value: number; prefixBytes: number } | undefined {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value |= (byte & 127) << (7 * i);
    if (byte < 128) {
      if (value === 0 || value > maxFrameBytes) throw badLength(value, offset);
      return { value, prefixBytes: i + 1 };
    }
  }
  throw badLength(undefined, offset);
}

function badLength(value: number | undefined, offset: number): PanoptesError {
  const found = value === undefined ? 'more than 4 bytes' : `${value}`;
  return new PanoptesError(
    'bad-file',
    `no record can begin at byte ${offset}: the length there is ${found}`,
    'the file is damaged from there on; what came before was used',
  );
}
