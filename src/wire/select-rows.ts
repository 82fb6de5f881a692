// Takes rows out of a batch and makes a smaller batch of them, column by column. Neighbours: the filter says which rows,
// the hub encodes the result for the clients that have that filter.
import { PanoptesError } from '../errors.js';
import { addressColumns, columns } from '../record/columns.js';
import type { BatchParts, ColumnData, FlowBatch, RowSet } from '../record/flow-batch.js';
import { noPiece, type Piece, pieceOf, u8At } from '../record/pieces.js';
import { rowSetOf } from '../record/row-sets.js';
import { constantColumn, packIntegers, readNumbers } from '../record/stored-values.js';
import { usedEntries } from './used-entries.js';

const noBytes = new Uint8Array(0);

// These columns do not go through `gather`: their values are indexes, which change with the dictionaries.
const addressIds: ReadonlySet<number> = new Set(addressColumns.map((name) => columns[name].id));
const macIds: ReadonlySet<number> = new Set([columns.srcMac.id, columns.dstMac.id]);
const payloadIds: ReadonlySet<number> = new Set([columns.srcPayload.id, columns.dstPayload.id]);

/** What is taken from the columns of one row set: stored places, and which of the new rows they are. */
interface Selection {
  readonly places: Uint16Array;
  readonly newRows: Uint16Array;
  /** The row set in the new batch; -1: not needed so far. */
  rowSet: number;
}

/**
 * The named rows of a batch, each at most once, in the order given, as the parts of a batch of its own. Number, first record and times
 * stay, `filteredRows` grows by what is left out, dictionaries shrink to what is used. Without `payload` its bytes and
 * lengths are left out.
 */
export function selectRows(
  batch: FlowBatch,
  selected: Uint16Array | readonly number[],
  options: { readonly payload: boolean } = { payload: true },
): BatchParts {
  for (let i = 0; i < selected.length; i++) {
    const row = selected[i] as number;
    if (!(row >= 0 && row < batch.rows))
      throw new PanoptesError('internal', `row ${row} of ${batch.rows} selected`);
  }
  const rows = selected instanceof Uint16Array ? selected : Uint16Array.from(selected);
  const { parts } = batch;
  const all: Selection = { places: rows, newRows: rows, rowSet: 0 };
  const selections: Selection[] = [all];
  const rowSets: RowSet[] = [];
  const selectionOf = (column: ColumnData): Selection => {
    selections[column.rowSet] ??= selectSet(batch.places(column.rowSet), rows);
    return selections[column.rowSet] as Selection;
  };
  const newSetOf = (selection: Selection): number => {
    if (selection.rowSet < 0) selection.rowSet = rowSets.push(rowSetOf(selection.newRows, rows.length));
    return selection.rowSet;
  };

  const taken: ColumnData[] = [];
  const entries = usedEntries(batch, rows);
  for (const column of parts.columns) {
    if (payloadIds.has(column.id) && !options.payload) continue;
    const selection = selectionOf(column);
    if (selection.places.length === 0) continue; // nothing left in it: the same as a column that is left out
    const rowSet = newSetOf(selection);
    const isMac = macIds.has(column.id);
    if (isMac || addressIds.has(column.id)) {
      const read = storedIn(column, batch);
      const renumber = isMac ? entries.mac : entries.address;
      const indexes = selection.places.map((place) =>
        renumber(column.base + column.scale * (read[place] as number)),
      );
      taken.push(indexColumn(column.id, rowSet, indexes));
    } else {
      taken.push({ ...gather(column, batch, selection.places), rowSet });
    }
  }
  return {
    number: parts.number,
    rows: rows.length,
    baseSeconds: parts.baseSeconds,
    firstRecord: parts.firstRecord,
    columns: taken,
    rowSets,
    ipv4Dictionary: entries.ipv4Dictionary,
    ipv6Dictionary: entries.ipv6Dictionary,
    macDictionary: entries.macDictionary,
    payload: options.payload ? gatherPayload(batch, rows) : noBytes,
    filteredRows: parts.filteredRows + parts.rows - rows.length,
  };
}

function selectSet(places: Int16Array, rows: Uint16Array): Selection {
  const kept = new Uint16Array(rows.length);
  const newRows = new Uint16Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const place = places[rows[i] as number] as number;
    if (place < 0) continue;
    kept[count] = place;
    newRows[count++] = i;
  }
  return {
    places: kept.subarray(0, count),
    newRows: newRows.subarray(0, count),
    rowSet: count === rows.length ? 0 : -1,
  };
}

/** The integers that the column stores. */
function storedIn(column: ColumnData, batch: FlowBatch): Float64Array {
  const stored = new Float64Array(batch.storedIn(column.rowSet));
  readNumbers(column, stored.length, stored);
  return stored;
}

/** The column of the values at the places. */
function gather(column: ColumnData, batch: FlowBatch, places: Uint16Array): ColumnData {
  if (column.width === 64) return { ...column, values: gather64(column.values, places) };
  if (column.width === 0 && column.patchPlaces.length === 0) return column;
  if (column.entries.length > 0) {
    return { ...gather({ ...column, entries: noPiece }, batch, places), entries: column.entries };
  }
  const integers = storedIn(column, batch);
  const gathered = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) gathered[i] = integers[places[i] as number] as number;
  return packIntegers(column, gathered);
}

function gather64(from: Piece, places: Uint16Array): Piece {
  const out = new Uint8Array(places.length * 8);
  for (let i = 0; i < places.length; i++) {
    const at = 8 * (places[i] as number);
    for (let k = 0; k < 8; k++) out[8 * i + k] = u8At(from, at + k);
  }
  return pieceOf(out);
}

function indexColumn(id: number, rowSet: number, indexes: Uint16Array): ColumnData {
  const base = indexes.reduce((lowest, index) => Math.min(lowest, index));
  const column = { ...constantColumn(id, base), rowSet };
  return packIntegers(
    column,
    indexes.map((index) => index - base),
  );
}

function gatherPayload(batch: FlowBatch, rows: Uint16Array): Uint8Array {
  const sides = [batch.payload('src'), batch.payload('dst')];
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (const row of rows) {
    for (const side of sides) {
      const piece = side(row);
      if (!piece) continue;
      pieces.push(piece);
      size += piece.length;
    }
  }
  const payload = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    payload.set(piece, at);
    at += piece.length;
  }
  return payload;
}
