// Looks into frame bytes without decoding the columns: what kind, which batch. Neighbour: the hub, which passes bytes on.
import { PanoptesError } from '../errors.js';
import type { FrameKind } from './frames.js';

/** Kinds by the field number of Frame's oneof. */
const kinds: readonly (FrameKind | undefined)[] = [
  undefined,
  'welcome',
  'batch',
  'status',
  'gap',
  'error',
  'subscribe',
];

const batchNumberField = 1;
const batchRowsField = 2;

class Cursor {
  readonly bytes: Uint8Array;
  at = 0;
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
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

function refuse(): never {
  throw new PanoptesError('bad-frame', 'malformed frame: it does not parse');
}

/** What a frame is; of a batch also its number and rows. Costs about one step per column, throws 'bad-frame'. */
export function peekFrame(bytes: Uint8Array): { kind: FrameKind; number?: number; rows?: number } {
  const cursor = new Cursor(bytes);
  let kind: FrameKind | undefined;
  let bodyStart = 0;
  let bodyEnd = 0;
  while (cursor.at < cursor.end) {
    const tag = cursor.varint();
    const found = (tag & 7) === 2 ? kinds[tag >>> 3] : undefined;
    if (found) {
      const length = cursor.varint();
      kind = found;
      bodyStart = cursor.at;
      cursor.skip(length);
      bodyEnd = cursor.at;
    } else cursor.skipValue(tag & 7);
  }
  if (!kind) refuse();
  if (kind !== 'batch') return { kind };

  cursor.at = bodyStart;
  cursor.end = bodyEnd;
  let number = 0;
  let rows = 0;
  while (cursor.at < cursor.end && (number === 0 || rows === 0)) {
    const tag = cursor.varint();
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field === batchNumberField && wireType === 1) number = cursor.fixed64();
    else if (field === batchRowsField && wireType === 0) rows = cursor.varint();
    else cursor.skipValue(wireType);
  }
  return { kind, number, rows };
}
