// Checks that the parts of a batch agree with each other, so that no reader behind it has to. Neighbours: parts come
// from wire/, the constructor of FlowBatch calls this.
import type { BatchParts, ColumnData } from './batch-parts.js';
import { ColumnTable } from './column-table.js';
import { ColumnValues, isRelated, type Numbers, reaches } from './column-values.js';
import { addressColumns, ColumnIds, type ColumnInfo, columns, doubleIds, maxRows } from './columns.js';
import { checkWhole, isWhole, malformed } from './malformed.js';
import { u16At, u64At } from './pieces.js';
import { readRowSets } from './row-sets.js';
import { bytesOfValues, largestOfWidth } from './stored-values.js';

// Last second that prints with four digits of the year; a batch beyond it is not a batch.
const lastSecond = 253402300799;

function checkColumn(column: ColumnData, stored: number): void {
  const { id, width, base, scale } = column;
  const expected = bytesOfValues(width, stored);
  if (expected === undefined) malformed(`column ${id} has width ${width}`);
  if (!Number.isSafeInteger(base) || (base < 0 && !isRelated(column)))
    malformed(`base of column ${id} is ${base}`);
  if (!isWhole(scale, 0xffffffff)) malformed(`scale of column ${id} is ${scale}`);
  if (column.values.length !== expected) {
    malformed(`column ${id} has ${column.values.length} bytes of values where ${expected} are due`);
  }
  if (column.patchPlaces.length > 0 || column.patchValues.length > 0) checkPatches(column, stored);
  if (column.entries.length > 0) checkEntries(column);
}

function checkEntries({ id, width, patchPlaces, entries }: ColumnData): void {
  if (entries.length % 2 !== 0 || entries.length > 512)
    malformed(`column ${id} has ${entries.length} bytes of entries`);
  if (width > 8 || patchPlaces.length > 0) malformed(`column ${id} has entries and what they exclude`);
}

function checkPatches({ id, width, patchPlaces, patchValues }: ColumnData, stored: number): void {
  if (width === 64) malformed(`column ${id} of width 64 has patches`);
  const places2 = patchPlaces.length * 2;
  if (
    patchPlaces.length % 2 !== 0 ||
    (patchValues.length !== places2 && patchValues.length !== places2 * 2)
  ) {
    malformed(
      `column ${id} has ${patchValues.length} bytes of patches at ${patchPlaces.length} bytes of places`,
    );
  }
  if (patchValues.length > places2) {
    for (let at = 0; at < patchValues.length; at += 8)
      checkWhole(`a patch of column ${id}`, u64At(patchValues, at), Number.MAX_SAFE_INTEGER);
  }
  let last = -1;
  for (let at = 0; at < patchPlaces.length; at += 2) {
    const place = u16At(patchPlaces, at);
    if (place <= last || place >= stored)
      malformed(`column ${id} is patched at ${place} after ${last} of ${stored}`);
    last = place;
  }
}

// Columns whose values are not numbers to calculate with: indexes, lengths that have to add up, doubles.
const indexIds = new ColumnIds(
  ([...addressColumns, 'srcMac', 'dstMac', 'srcPayload', 'dstPayload'] as const).map(
    (name) => columns[name].id,
  ),
);
const isApart = (id: number): boolean => indexIds.has(id) || doubleIds.has(id);

/** So many columns may stand one behind the other, each told by the next. */
const longestChain = 4;

function checkRelation(column: ColumnData, table: ColumnTable, left = longestChain): void {
  if (!isRelated(column)) return;
  if (left === 0) malformed(`column ${column.id} ends a chain of columns`);
  if (!isWhole(column.times, 0xffffffff)) malformed(`times of column ${column.id} is ${column.times}`);
  for (const id of [column.plus, column.minus]) {
    if (id === 0) continue;
    if (isApart(id) || isApart(column.id)) malformed(`column ${column.id} is told by column ${id}`);
    const next = table.get(id);
    if (next) checkRelation(next, table, left - 1);
  }
}

/** Every index of the column is below `entries`. */
function checkIndexes(values: ColumnValues, { id }: ColumnInfo, entries: number): void {
  const column = values.column(id);
  if (!column || values.storedIn(column.rowSet) === 0) return;
  // What the width has no room for needs no look at the values.
  const { base, scale, width } = column;
  const isNarrow = column.patchPlaces.length === 0 && column.entries.length === 0;
  if (isNarrow && base + scale * largestOfWidth(width) < entries) return;
  const indexes = values.of(id);
  if (reaches(indexes, entries)) malformed(`column ${id} names entry ${largestOf(indexes)} of ${entries}`);
}

function largestOf(values: Numbers): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}

function checkDictionary(name: string, bytes: Uint8Array, entryBytes: number): number {
  if (bytes.length % entryBytes !== 0) malformed(`${name} dictionary has ${bytes.length} bytes`);
  return bytes.length / entryBytes;
}

/** The columns, after everything was checked; throws PanoptesError('bad-frame') otherwise. */
export function checkBatch(parts: BatchParts): ColumnValues {
  checkWhole('number', parts.number, Number.MAX_SAFE_INTEGER);
  checkWhole('rows', parts.rows, maxRows);
  checkWhole('base_seconds', parts.baseSeconds, lastSecond);
  checkWhole('first_record', parts.firstRecord, Number.MAX_SAFE_INTEGER);
  checkWhole('filtered_rows', parts.filteredRows, Number.MAX_SAFE_INTEGER);

  const table = new ColumnTable();
  const values = new ColumnValues(parts.rows, table, readRowSets(parts.rowSets, parts.rows));
  for (const column of parts.columns) {
    if (!isWhole(column.rowSet, parts.rowSets.length))
      malformed(`row set of column ${column.id} is ${column.rowSet}`);
    checkColumn(column, values.storedIn(column.rowSet));
    if (table.get(column.id)) malformed(`column ${column.id} stands twice`);
    table.add(column);
  }
  for (const column of parts.columns) checkRelation(column, table);

  const entries =
    checkDictionary('IPv4', parts.ipv4Dictionary, 4) +
    checkDictionary('IPv6', parts.ipv6Dictionary, 16) +
    checkDictionary('MAC', parts.macDictionary, 6);
  const macs = parts.macDictionary.length / 6;
  for (const name of addressColumns) checkIndexes(values, columns[name], entries);
  checkIndexes(values, columns.srcMac, macs);
  checkIndexes(values, columns.dstMac, macs);

  const payload = values.sumOf(columns.srcPayload.id) + values.sumOf(columns.dstPayload.id);
  if (payload !== parts.payload.length) {
    malformed(`payload has ${parts.payload.length} bytes, its lengths say ${payload}`);
  }
  return values;
}
