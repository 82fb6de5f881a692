// Reads the parts of protobuf messages from bytes, without generated code. Neighbours: peek.ts and read-batch.ts.
import { PanoptesError } from '../errors.js';
import type { Piece } from '../record/pieces.js';

export function refuse(): never {
  throw new PanoptesError('bad-frame', 'malformed frame: it does not parse');
}

/** What a varint of the type sint64 means. */
export function signed(varint: number): number {
  // Most are small, and a remainder of numbers that might be larger is dear.
  if (varint < 0x80000000) return (varint >>> 1) ^ -(varint & 1);
  return varint % 2 === 0 ? varint / 2 : -(varint + 1) / 2;
}

/** Never reads beyond `end`: throws PanoptesError('bad-frame') instead. */
export class Cursor {
  readonly bytes: Uint8Array;
  // Numbers from the start, for the compiler: what is declared only is undefined at first, and looked at each time.
  at = 0;
  end = 0;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Beyond 2^53 rounded. */
  varint(): number {
    const { bytes, at, end } = this;
    if (at >= end) refuse();
    const first = bytes[at] as number;
    if (first < 128) {
      this.at = at + 1;
      return first;
    }
    if (at + 1 >= end) refuse();
    const second = bytes[at + 1] as number;
    this.at = at + 2;
    const value = (first & 127) | ((second & 127) << 7);
    return second < 128 ? value : this.#rest(value);
  }

  /** Of a varint what is behind its first two bytes. */
  #rest(low: number): number {
    let value = low;
    let factor = 16384;
    for (let i = 2; i < 10; i++) {
      if (this.at >= this.end) refuse();
      const byte = this.bytes[this.at++] as number;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    return refuse();
  }

  fixed64(): number {
    this.skip(8);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at - 8, 8);
    return view.getUint32(0, true) + view.getUint32(4, true) * 4294967296;
  }

  /** The bytes of a value with a length, in place. */
  view(): Uint8Array {
    const length = this.varint();
    this.skip(length);
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.at - length, length);
  }

  /** The same as a piece. */
  piece(): Piece {
    const length = this.varint();
    const { bytes, at } = this;
    this.skip(length);
    return { bytes, at, length };
  }

  skip(count: number): void {
    if (count > this.end - this.at) refuse();
    this.at += count;
  }

  skipValue(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.skip(8);
    else if (wireType === 2) this.skip(this.varint());
    else if (wireType === 5) this.skip(4);
    else refuse();
  }
}
