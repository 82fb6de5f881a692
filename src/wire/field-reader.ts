// Steps through the fields of a protobuf message without generated code. Behind peek.ts; only what the schema uses.
import { PanoptesError } from '../errors.js';

export class FieldReader {
  readonly bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
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

  /** What a length stands before: bytes of the message, not copied. */
  sized(): Uint8Array {
    const length = this.varint();
    this.skip(length);
    return this.bytes.subarray(this.at - length, this.at);
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

export function refuse(): never {
  throw new PanoptesError('bad-frame', 'malformed frame: it does not parse');
}
