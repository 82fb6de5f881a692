// What subscribers asked for: a filter, payload or not. Those who ask for the same share one re-encoding of
// a batch, and all of them share one decoding. Between the hub and the batch codec.

import { PanoptesError } from '../errors.js';
import type { Filter } from '../filter/ast.js';
import { compileFilter } from '../filter/compile.js';
import { parseFilter } from '../filter/parser.js';
import type { FlowBatch } from '../record/flow-batch.js';
import { decodeFrame, encodeBatch } from '../wire/codec.js';
import { selectRows } from '../wire/select-rows.js';
import type { HistoryEntry } from './history.js';

/** One filter and payload wish, shared by all subscribers that have it. */
export interface Selection {
  readonly key: string;
  /** Undefined: every row. */
  readonly filter: Filter | undefined;
  readonly payload: boolean;
  subscribers: number;
}

const decodedBatches = 16;

export class Selections {
  readonly #cacheBytes: number;
  readonly #inUse = new Map<string, Selection>();
  // Re-encoded frames, oldest first, so that a crowd which comes back at once is served from one encoding.
  readonly #cache = new Map<string, Uint8Array>();
  #cached = 0;
  // The batches decoded last: subscribers are served in turn, and are not all at the same one.
  readonly #decoded = new Map<number, FlowBatch>();
  #decodes = 0;
  #encodes = 0;

  constructor(cacheBytes: number) {
    this.#cacheBytes = cacheBytes;
  }

  get decodes(): number {
    return this.#decodes;
  }

  get encodes(): number {
    return this.#encodes;
  }

  /** Takes a share in a selection. Throws 'bad-filter'. Undefined: frames as they are. */
  acquire(filterText: string, payload: boolean): Selection | undefined {
    const text = filterText.trim();
    if (text === '' && payload) return undefined;
    const key = `${payload ? 1 : 0}${text}`;
    let selection = this.#inUse.get(key);
    if (selection === undefined) {
      selection = { key, payload, filter: text === '' ? undefined : parseFilter(text), subscribers: 0 };
      this.#inUse.set(key, selection);
    }
    selection.subscribers++;
    return selection;
  }

  release(selection: Selection | undefined): void {
    if (selection === undefined) return;
    selection.subscribers--;
    if (selection.subscribers > 0) return;
    this.#inUse.delete(selection.key);
    for (const [key, bytes] of this.#cache) {
      if (!key.endsWith(`:${selection.key}`)) continue;
      this.#cache.delete(key);
      this.#cached -= bytes.byteLength;
    }
  }

  /**
   * The frame of a batch for those who made this selection. A batch in which no row matches is sent
   * without rows: numbers stay consecutive, and a reader who resumes knows how far it was.
   */
  frameFor(selection: Selection | undefined, entry: HistoryEntry): Uint8Array {
    if (selection === undefined || entry.kind !== 'batch') return entry.bytes;
    const key = `${entry.number}:${selection.key}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const bytes = this.#encode(selection, entry);
    this.#keep(key, bytes);
    return bytes;
  }

  #encode(selection: Selection, entry: HistoryEntry): Uint8Array {
    const batch = this.#decode(entry);
    const rows = matchingRows(selection.filter, batch);
    if (rows.length === batch.rows && (selection.payload || batch.parts.payload.length === 0))
      return entry.bytes;
    this.#encodes++;
    return asBuffer(encodeBatch(selectRows(batch, rows, { payload: selection.payload })));
  }

  #decode(entry: HistoryEntry): FlowBatch {
    const known = this.#decoded.get(entry.number);
    if (known !== undefined) return known;
    const frame = decodeFrame(entry.bytes);
    if (frame.kind !== 'batch') throw new PanoptesError('internal', `frame ${entry.number} is no batch`);
    this.#decodes++;
    this.#decoded.set(entry.number, frame.batch);
    for (const oldest of this.#decoded.keys()) {
      if (this.#decoded.size <= decodedBatches) break;
      this.#decoded.delete(oldest);
    }
    return frame.batch;
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#cache.set(key, bytes);
    this.#cached += bytes.byteLength;
    for (const [oldKey, oldBytes] of this.#cache) {
      if (this.#cached <= this.#cacheBytes || oldKey === key) break;
      this.#cache.delete(oldKey);
      this.#cached -= oldBytes.byteLength;
    }
  }
}

/** The same memory as a Buffer: sockets would otherwise wrap it once for every subscriber. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function matchingRows(filter: Filter | undefined, batch: FlowBatch): readonly number[] {
  const matches = filter === undefined ? () => true : compileFilter(filter, batch);
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row++) {
    if (matches(row)) rows.push(row);
  }
  return rows;
}
