// The message FlowBatch -> the parts of a batch. By hand, because nearly all bytes that a reader decodes are batches,
// and a batch is a hundred columns of which it wants a few. Neighbours: codec.ts asks, FlowBatch checks what comes out.
import type { BatchParts, ColumnData, RowSet } from '../record/batch-parts.js';
import { malformed } from '../record/malformed.js';
import { noPiece, type Piece } from '../record/pieces.js';
import { Cursor, refuse, signed } from './cursor.js';

const noBytes: Uint8Array = new Uint8Array(0);

// Tags: field number << 3 | wire type, which is 0 for varints, 1 for 8 bytes, 2 for what has a length.
const batchTag = {
  number: (1 << 3) | 1,
  rows: (2 << 3) | 0,
  baseSeconds: (3 << 3) | 1,
  firstRecord: (4 << 3) | 1,
  column: (5 << 3) | 2,
  rowSet: (6 << 3) | 2,
  ipv4Dictionary: (7 << 3) | 2,
  ipv6Dictionary: (8 << 3) | 2,
  macDictionary: (9 << 3) | 2,
  payload: (10 << 3) | 2,
  filteredRows: (11 << 3) | 1,
  values: (12 << 3) | 2,
} as const;

/** The batch whose message is in `bytes` from `start` to `end`. The bytes are used in place. */
export function readBatch(bytes: Uint8Array, start: number, end: number): BatchParts {
  const cursor = new Cursor(bytes, start, end);
  const columns: ColumnData[] = [];
  const rowSets: RowSet[] = [];
  const parts = {
    number: 0,
    rows: 0,
    baseSeconds: 0,
    firstRecord: 0,
    columns,
    rowSets,
    ipv4Dictionary: noBytes,
    ipv6Dictionary: noBytes,
    macDictionary: noBytes,
    payload: noBytes,
    filteredRows: 0,
  };
  let values = noPiece;
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag === batchTag.column) columns.push(within(cursor, readColumn));
    else if (tag === batchTag.rowSet) rowSets.push(within(cursor, readRowSet));
    else if (tag === batchTag.number) parts.number = cursor.fixed64();
    else if (tag === batchTag.rows) parts.rows = cursor.varint();
    else if (tag === batchTag.baseSeconds) parts.baseSeconds = cursor.fixed64();
    else if (tag === batchTag.firstRecord) parts.firstRecord = cursor.fixed64();
    else if (tag === batchTag.ipv4Dictionary) parts.ipv4Dictionary = cursor.view();
    else if (tag === batchTag.ipv6Dictionary) parts.ipv6Dictionary = cursor.view();
    else if (tag === batchTag.macDictionary) parts.macDictionary = cursor.view();
    else if (tag === batchTag.payload) parts.payload = cursor.view();
    else if (tag === batchTag.filteredRows) parts.filteredRows = cursor.fixed64();
    else if (tag === batchTag.values) values = cursor.piece();
    else cursor.skipValue(tag & 7);
  }
  divideValues(values, columns);
  return parts;
}

/** Gives each column its part of the values. So far it says only how long that is: they may stand on either side of it. */
function divideValues({ at: start, length }: Piece, columns: readonly ColumnData[]): void {
  let at = start;
  const end = start + length;
  for (const column of columns) {
    const part: { at: number; readonly length: number } = column.values;
    if (part.length === 0) continue; // it is one for all
    if (part.length > end - at)
      malformed(`columns up to ${column.id} have ${at - start + part.length} bytes of ${length} of values`);
    part.at = at;
    at += part.length;
  }
  if (at !== end) malformed(`columns have ${at - start} bytes of ${length} of values`);
}

/** Reads the message behind the length at which the cursor stands. */
function within<Message>(cursor: Cursor, read: (cursor: Cursor) => Message): Message {
  const length = cursor.varint();
  const { end } = cursor;
  const { at } = cursor;
  cursor.skip(length);
  cursor.at = at;
  cursor.end = at + length;
  const message = read(cursor);
  cursor.at = cursor.end;
  cursor.end = end;
  return message;
}

// Half of the fields that a batch has are those of its columns, nearly all of two bytes: the place among them stands in a
// variable, and the cursor reads what is longer.
function readColumn(cursor: Cursor): ColumnData {
  const { bytes, end } = cursor;
  let { at } = cursor;
  let id = 0;
  let rowSet = 0;
  let width = 0;
  let base = 0;
  let scale = 0;
  let valueBytes = 0;
  let patchPlaces = noPiece;
  let patchValues = noPiece;
  let entries = noPiece;
  let plus = 0;
  let minus = 0;
  let times = 0;
  while (at < end) {
    let tag = bytes[at++] as number;
    if (tag >= 128) {
      cursor.at = at - 1;
      tag = cursor.varint();
      at = cursor.at;
    }
    if ((tag & 5) !== 0) {
      cursor.at = at;
      cursor.skipValue(tag & 7);
      at = cursor.at;
      continue;
    }
    if (at >= end) refuse();
    let value = bytes[at++] as number;
    if (value >= 128) {
      cursor.at = at - 1;
      value = cursor.varint();
      at = cursor.at;
    }
    const start = at;
    if ((tag & 2) !== 0) {
      if (value > end - at) refuse();
      at += value;
    }
    // One case for each field of the message Column.
    switch (tag) {
      case (1 << 3) | 0:
        id = value;
        break;
      case (2 << 3) | 0:
        rowSet = value;
        break;
      case (3 << 3) | 0:
        width = value;
        break;
      case (4 << 3) | 0:
        base = signed(value);
        break;
      case (5 << 3) | 0:
        scale = value;
        break;
      case (7 << 3) | 2:
        patchPlaces = { bytes, at: start, length: value };
        break;
      case (8 << 3) | 2:
        patchValues = { bytes, at: start, length: value };
        break;
      case (9 << 3) | 2:
        entries = { bytes, at: start, length: value };
        break;
      case (10 << 3) | 0:
        plus = value;
        break;
      case (11 << 3) | 0:
        minus = value;
        break;
      case (12 << 3) | 0:
        times = value;
        break;
      case (13 << 3) | 0:
        valueBytes = value;
        break;
    }
  }
  if (scale === 0) scale = 1;
  if (valueBytes > bytes.length) refuse(); // here, so that lengths are small integers for the compiler, whatever comes
  const values = valueBytes === 0 ? noPiece : { bytes, at: 0, length: valueBytes };
  return { id, rowSet, width, base, scale, values, patchPlaces, patchValues, entries, plus, minus, times };
}

function readRowSet(cursor: Cursor): RowSet {
  let like = 0;
  let steps = noPiece;
  let bitmap = noPiece;
  while (cursor.at < cursor.end) {
    const tag = cursor.varint();
    if (tag === ((1 << 3) | 2)) steps = cursor.piece();
    else if (tag === ((2 << 3) | 2)) bitmap = cursor.piece();
    else if (tag === ((3 << 3) | 0)) like = cursor.varint();
    else cursor.skipValue(tag & 7);
  }
  return { like, steps, bitmap };
}
