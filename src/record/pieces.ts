// Pieces of the bytes of a frame: what a view would be, without the cost of making one for each part of a batch that
// nobody reads. Neighbours: read-batch.ts cuts them, stored-values.ts and row-sets.ts read them.

export interface Piece {
  readonly bytes: Uint8Array;
  /** Where it begins in `bytes`. */
  readonly at: number;
  readonly length: number;
}

export const noPiece: Piece = { bytes: new Uint8Array(0), at: 0, length: 0 };

export function pieceOf(bytes: Uint8Array): Piece {
  return bytes.length === 0 ? noPiece : { bytes, at: 0, length: bytes.length };
}

export function viewOf({ bytes, at, length }: Piece): Uint8Array {
  // A view costs more than all else that is done with most pieces.
  return at === 0 && length === bytes.length ? bytes : bytes.subarray(at, at + length);
}

export function u8At(piece: Piece, at: number): number {
  return piece.bytes[piece.at + at] as number;
}

/** Little endian. */
export function u16At({ bytes, at: start }: Piece, at: number): number {
  return (bytes[start + at] as number) | ((bytes[start + at + 1] as number) << 8);
}

export function u32At(piece: Piece, at: number): number {
  return (u16At(piece, at) | (u16At(piece, at + 2) << 16)) >>> 0;
}

/** u64 as a number: beyond 2^53 rounded. */
export function u64At(piece: Piece, at: number): number {
  return u32At(piece, at) + u32At(piece, at + 4) * 4294967296;
}

/** Bits of a piece: bit b of it is bit (first + b) % 32 of word ⌊(first + b) / 32⌋. There are words beyond the last. */
export interface Bits {
  readonly words: Int32Array;
  readonly first: number;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const spareWords = 2;

// The words of the frame whose pieces were asked for last, which keeps its bytes: a view for each piece would cost more
// than most of them.
let viewed: Uint8Array = noPiece.bytes;
let viewedWords: Int32Array = new Int32Array(0);

export function bitsOf(piece: Piece): Bits {
  if (isLittleEndian) {
    if (piece.bytes !== viewed) {
      viewed = piece.bytes;
      viewedWords = wordsAround(viewed);
    }
    const at = piece.at + (viewed.byteOffset & 3);
    const end = ((at + piece.length + 3) >>> 2) + spareWords;
    if (end <= viewedWords.length) return { words: viewedWords, first: at * 8 };
  }
  const copy = new Int32Array(((piece.length + 3) >>> 2) + spareWords);
  new Uint8Array(copy.buffer).set(viewOf(piece));
  if (!isLittleEndian) swapWords(copy);
  return { words: copy, first: 0 };
}

/** All words with a byte of these, and those behind it that a window may touch as far as they are there. */
function wordsAround({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  const first = byteOffset >>> 2;
  const wanted = ((byteOffset + length + 3) >>> 2) + spareWords;
  const last = Math.min(wanted, buffer.byteLength >>> 2);
  return new Int32Array(buffer, 4 * first, Math.max(last - first, 0));
}

function swapWords(words: Int32Array | Uint32Array): void {
  const bytes = new DataView(words.buffer);
  for (let n = 0; n < words.length; n++) words[n] = bytes.getInt32(4 * n, true);
}

/** The bytes of u32 values as they are stored. */
export function bytesOf(words: Uint32Array): Uint8Array {
  if (!isLittleEndian) swapWords(words);
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** The 32 bits from the bit `at` on. */
export function windowAt(words: Int32Array, at: number): number {
  const word = at >>> 5;
  const shift = at & 31;
  // Of the next word the low bits, all of them moved out where the window is the whole word.
  return ((words[word] as number) >>> shift) | (((words[word + 1] as number) << 1) << (31 - shift));
}

/** `width` bits, at most 32, from the bit `at` on. */
export function bitsAt(words: Int32Array, at: number, width: number): number {
  const word = at >>> 5;
  const shift = at & 31;
  let value = (words[word] as number) >>> shift;
  if (shift + width > 32) value |= (words[word + 1] as number) << (32 - shift);
  return width === 32 ? value >>> 0 : (value & ((1 << width) - 1)) >>> 0;
}
