// Checks that the parts of a batch agree with each other, so that no reader behind it has to. Neighbours: parts come
// from wire/, the constructor of FlowBatch calls this.
import { PanoptesError } from '../errors.js';
import type { BatchParts, ColumnData, RowSet } from './batch-parts.js';
import { addressColumns, type ColumnInfo, columns, maxRows } from './columns.js';
import { isRelated } from './related-values.js';
import { bytesOfValues, countBits, storedTotals, u16View, u64View } from './stored-values.js';

export const columnInfoById: ReadonlyMap<number, ColumnInfo> = new Map(
  Object.values(columns).map((info) => [info.id, info]),
);

// Last second that prints with four digits of the year; a batch beyond it is not a batch.
const lastSecond = 253402300799;

function refuse(what: string): never {
  throw new PanoptesError('bad-frame', `malformed batch: ${what}`);
}

function checkWhole(name: string, value: number, limit: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value <= limit)) refuse(`${name} is ${value}`);
}

/** Rows in a row set, after it is checked. */
function checkRowSet(set: RowSet, index: number, rows: number): number {
  const { bitmap, rowNumbers } = set;
  if (bitmap.length === 0) {
    if (rowNumbers.length % 2 !== 0) refuse(`row set ${index} has half a row number`);
    const numbers = u16View(rowNumbers);
    let last = -1;
    for (let i = 0; i < numbers.length; i++) {
      const row = numbers[i] as number;
      if (row <= last || row >= rows) refuse(`row set ${index} names row ${row} after ${last} of ${rows}`);
      last = row;
    }
    return numbers.length;
  }
  if (rowNumbers.length > 0) refuse(`row set ${index} has both forms`);
  if (bitmap.length !== (rows + 7) >> 3) refuse(`row set ${index} has ${bitmap.length} bitmap bytes`);
  const spare = bitmap.length * 8 - rows;
  if (spare > 0 && (bitmap[bitmap.length - 1] as number) >> (8 - spare) !== 0) {
    refuse(`row set ${index} names rows beyond the batch`);
  }
  return countBits(bitmap);
}

function checkColumn(column: ColumnData, stored: number): void {
  const { id, width } = column;
  const expected = bytesOfValues(width, stored);
  if (expected === undefined) refuse(`column ${id} has width ${width}`);
  const base = isRelated(column) ? Math.abs(column.base) : column.base;
  checkWhole(`base of column ${id}`, base, Number.MAX_SAFE_INTEGER);
  checkWhole(`scale of column ${id}`, column.scale, 0xffffffff);
  if (column.values.length !== expected) {
    refuse(`column ${id} has ${column.values.length} bytes of values where ${expected} are due`);
  }
  checkPatches(column, stored);
  checkEntries(column);
}

function checkEntries({ id, width, patchPlaces, entries }: ColumnData): void {
  if (entries.length === 0) return;
  if (entries.length % 2 !== 0 || entries.length > 512)
    refuse(`column ${id} has ${entries.length} bytes of entries`);
  if (width > 8 || patchPlaces.length > 0) refuse(`column ${id} has entries and what they exclude`);
}

function checkPatches({ id, width, patchPlaces, patchValues }: ColumnData, stored: number): void {
  if (patchPlaces.length === 0 && patchValues.length === 0) return;
  if (width === 64) refuse(`column ${id} of width 64 has patches`);
  const places2 = patchPlaces.length * 2;
  if (
    patchPlaces.length % 2 !== 0 ||
    (patchValues.length !== places2 && patchValues.length !== places2 * 2)
  ) {
    refuse(
      `column ${id} has ${patchValues.length} bytes of patches at ${patchPlaces.length} bytes of places`,
    );
  }
  if (patchValues.length > places2) {
    const largest = u64View(patchValues).reduce((most, value) => Math.max(most, value), 0);
    checkWhole(`a patch of column ${id}`, largest, Number.MAX_SAFE_INTEGER);
  }
  const places = u16View(patchPlaces);
  let last = -1;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    if (place <= last || place >= stored)
      refuse(`column ${id} is patched at ${place} after ${last} of ${stored}`);
    last = place;
  }
}

// Columns whose values are not numbers to calculate with: indexes, lengths that have to add up, doubles.
const apart: ReadonlySet<number> = new Set([
  ...addressColumns.map((name) => columns[name].id),
  ...[columns.srcMac, columns.dstMac, columns.srcPayload, columns.dstPayload].map(({ id }) => id),
  ...[...columnInfoById.values()].filter(({ float }) => float).map(({ id }) => id),
]);

/** So many columns may stand one behind the other, each told by the next. */
const longestChain = 4;

function checkRelation(column: ColumnData, byId: ReadonlyMap<number, ColumnData>, left = longestChain): void {
  if (!isRelated(column)) return;
  if (left === 0) refuse(`column ${column.id} ends a chain of columns`);
  checkWhole(`times of column ${column.id}`, column.times, 0xffffffff);
  for (const id of [column.plus, column.minus]) {
    if (id === 0) continue;
    if (apart.has(id) || apart.has(column.id)) refuse(`column ${column.id} is told by column ${id}`);
    const next = byId.get(id);
    if (next) checkRelation(next, byId, left - 1);
  }
}

/** Every index of the column is below `entries`. */
function checkIndexes(column: ColumnData, stored: number, entries: number): void {
  if (stored === 0) return;
  const largest = column.base + column.scale * storedTotals(column, stored).largest;
  if (largest >= entries) refuse(`column ${column.id} names entry ${largest} of ${entries}`);
}

function checkDictionary(name: string, bytes: Uint8Array, entryBytes: number): number {
  if (bytes.length % entryBytes !== 0) refuse(`${name} dictionary has ${bytes.length} bytes`);
  return bytes.length / entryBytes;
}

/** Columns by id, after everything was checked; throws PanoptesError('bad-frame') otherwise. */
export function checkBatch(parts: BatchParts): Map<number, ColumnData> {
  checkWhole('number', parts.number, Number.MAX_SAFE_INTEGER);
  checkWhole('rows', parts.rows, maxRows);
  checkWhole('base_seconds', parts.baseSeconds, lastSecond);
  checkWhole('first_record', parts.firstRecord, Number.MAX_SAFE_INTEGER);
  checkWhole('filtered_rows', parts.filteredRows, Number.MAX_SAFE_INTEGER);
  const setRows = parts.rowSets.map((set, index) => checkRowSet(set, index + 1, parts.rows));
  const storedOf = (column: ColumnData): number =>
    column.rowSet === 0 ? parts.rows : (setRows[column.rowSet - 1] as number);

  const byId = new Map<number, ColumnData>();
  for (const column of parts.columns) {
    if (byId.has(column.id)) refuse(`column ${column.id} stands twice`);
    checkWhole(`row set of column ${column.id}`, column.rowSet, parts.rowSets.length);
    checkColumn(column, storedOf(column));
    byId.set(column.id, column);
  }
  for (const column of parts.columns) checkRelation(column, byId);

  const entries =
    checkDictionary('IPv4', parts.ipv4Dictionary, 4) +
    checkDictionary('IPv6', parts.ipv6Dictionary, 16) +
    checkDictionary('MAC', parts.macDictionary, 6);
  const macs = parts.macDictionary.length / 6;
  const check = (info: ColumnInfo, limit: number) => {
    const column = byId.get(info.id);
    if (column) checkIndexes(column, storedOf(column), limit);
  };
  for (const name of addressColumns) check(columns[name], entries);
  check(columns.srcMac, macs);
  check(columns.dstMac, macs);

  let payload = 0;
  for (const info of [columns.srcPayload, columns.dstPayload]) {
    const column = byId.get(info.id);
    if (column)
      payload += storedOf(column) * column.base + column.scale * storedTotals(column, storedOf(column)).sum;
  }
  if (payload !== parts.payload.length) {
    refuse(`payload has ${parts.payload.length} bytes, its lengths say ${payload}`);
  }
  return byId;
}
