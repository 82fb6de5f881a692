// The two frames that every writer of a file needs, made without the generated code: loading that costs more than all
// else of a short run. Neighbour: codec.ts, which makes all other frames.
import type { Gap, Welcome } from './frames.js';

/** The bytes of a whole frame with a Welcome. */
export function encodeWelcome(welcome: Welcome): Uint8Array {
  const body = new FieldWriter();
  body.text(1, welcome.probeId);
  body.text(2, welcome.version);
  body.varint(3, welcome.schema);
  body.fixed64(4, welcome.startSeconds);
  body.text(5, welcome.runId);
  body.fixed64(6, welcome.firstBatch);
  body.fixed64(7, welcome.lastBatch);
  body.text(8, welcome.source);
  return frameOf(1, body);
}

/** The bytes of a whole frame with a Gap. */
export function encodeGap(gap: Gap): Uint8Array {
  const body = new FieldWriter();
  body.varint(1, gap.batches);
  body.varint(2, gap.records);
  body.text(3, gap.reason);
  body.varint(4, gap.packets);
  return frameOf(4, body);
}

function frameOf(field: number, body: FieldWriter): Uint8Array {
  const frame = new FieldWriter();
  frame.sized(field, body.bytes);
  return Uint8Array.from(frame.bytes);
}

const wireTypes = { varint: 0, fixed64: 1, sized: 2 };

class FieldWriter {
  readonly bytes: number[] = [];

  // Values that are the default of their type are left out.
  varint(field: number, value: number): void {
    if (value === 0) return;
    this.#tag(field, wireTypes.varint);
    this.#number(value);
  }

  fixed64(field: number, value: number): void {
    if (value === 0) return;
    this.#tag(field, wireTypes.fixed64);
    let rest = value;
    for (let i = 0; i < 8; i++) {
      this.bytes.push(rest % 256);
      rest = Math.floor(rest / 256);
    }
  }

  text(field: number, text: string): void {
    if (text !== '') this.sized(field, new TextEncoder().encode(text));
  }

  sized(field: number, bytes: ArrayLike<number> & Iterable<number>): void {
    this.#tag(field, wireTypes.sized);
    this.#number(bytes.length);
    for (const byte of bytes) this.bytes.push(byte);
  }

  #tag(field: number, wireType: number): void {
    this.#number((field << 3) | wireType);
  }

  #number(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.bytes.push((rest % 128) | 128);
    this.bytes.push(rest);
  }
}
