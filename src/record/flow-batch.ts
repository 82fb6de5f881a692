// A batch of flow records as columns: up to 1024 rows, each column readable by itself. Neighbours: wire/ decodes the
// parts, the field table, the filter and the aggregation read through the closures of this class.
import { printAddress } from './address.js';
import type { BatchParts } from './batch-parts.js';
import { checkBatch } from './check-batch.js';
import type { ColumnValues } from './column-values.js';
import { type AddressColumn, type ColumnName, columns } from './columns.js';

export type { BatchParts, ColumnData, RowSet } from './batch-parts.js';

/** Value of a column in a row, or nothing where it is missing. */
export type NumberReader = (row: number) => number | undefined;

export type Side = 'src' | 'dst';

const noBytes = new Uint8Array(0);

/**
 * Reads what `parts` say and trusts none of it: the constructor throws PanoptesError('bad-frame') when lengths,
 * row sets, dictionaries or payload disagree. The bytes are used in place, so they must not change afterwards.
 */
export class FlowBatch {
  readonly parts: BatchParts;
  /** Number of the batch in its probe's run; counts up from 1. */
  readonly number: number;
  readonly rows: number = 0; // a number from the start: loops over rows then need not look what it is
  /** Times are nanoseconds above this second since 1970. */
  readonly baseSeconds: number;
  /** Sequence number of the first record. */
  readonly firstRecord: number;

  readonly #values: ColumnValues;
  readonly #readers = new Map<ColumnName, NumberReader>();
  #addresses: Uint8Array[] | undefined;
  #addressTexts: (string | undefined)[] | undefined;
  #macs: Uint8Array[] | undefined;
  #payloadStarts: Uint32Array | undefined;

  constructor(parts: BatchParts) {
    this.#values = checkBatch(parts);
    this.parts = parts;
    this.number = parts.number;
    this.rows = parts.rows;
    this.baseSeconds = parts.baseSeconds;
    this.firstRecord = parts.firstRecord;
  }

  /** Reader of one column; missing values read as undefined, counters that were left out as 0. */
  column(name: ColumnName): NumberReader {
    let reader = this.#readers.get(name);
    if (!reader) {
      reader = this.#bind(name);
      this.#readers.set(name, reader);
    }
    return reader;
  }

  /** Whether the batch carries the column at all; false: it is 0 (counter) or missing in every row. */
  has(name: ColumnName): boolean {
    return this.#values.column(columns[name].id) !== undefined;
  }

  /** The address of one end, or of another column that names addresses: 4 or 16 bytes, or the 6 of a MAC; none: 0
   *  bytes. A view, do not keep it. */
  address(of: Side | AddressColumn): (row: number) => Uint8Array {
    const index = of === 'src' || of === 'dst' ? this.addressIndex(of) : this.column(of);
    this.#addresses ??= this.#allAddresses();
    const entries = this.#addresses;
    return (row) => entries[index(row) ?? -1] ?? noBytes;
  }

  /** Index of an end's address among the addresses of this batch: equal index, equal address, and the reverse
   *  unless the probe named an address twice. Tests of an address need to run once an entry, not once a row. */
  addressIndex(side: Side): NumberReader {
    return this.column(side === 'src' ? 'srcAddress' : 'dstAddress');
  }

  /** The address of one end, or of another column that names addresses, as text; each entry of the dictionary is
   *  printed once. None: ''. */
  addressText(of: Side | AddressColumn): (row: number) => string {
    const index = of === 'src' || of === 'dst' ? this.addressIndex(of) : this.column(of);
    this.#addresses ??= this.#allAddresses();
    this.#addressTexts ??= new Array<string | undefined>(this.#addresses.length).fill(undefined);
    const entries = this.#addresses;
    const texts = this.#addressTexts;
    return (row) => {
      const at = index(row);
      if (at === undefined) return '';
      const known = texts[at];
      if (known !== undefined) return known;
      const bytes = entries[at];
      if (!bytes) return '';
      const text = printAddress(bytes);
      texts[at] = text;
      return text;
    };
  }

  /** The MAC address of one end, 6 bytes. A view, do not keep it. */
  mac(side: Side): (row: number) => Uint8Array | undefined {
    const index = this.column(side === 'src' ? 'srcMac' : 'dstMac');
    this.#macs ??= entriesOf(this.parts.macDictionary, 6);
    const entries = this.#macs;
    return (row) => {
      const at = index(row);
      return at === undefined ? undefined : entries[at];
    };
  }

  /** The first payload bytes of one direction. A view, do not keep it. */
  payload(side: Side): (row: number) => Uint8Array | undefined {
    const length = this.column(side === 'src' ? 'srcPayload' : 'dstPayload');
    if (!this.has('srcPayload') && !this.has('dstPayload')) return () => undefined;
    this.#payloadStarts ??= this.#allPayloadStarts();
    const starts = this.#payloadStarts;
    const bytes = this.parts.payload;
    const offset = side === 'src' ? 0 : 1;
    return (row) => {
      const size = length(row);
      if (size === undefined) return undefined;
      const start = starts[2 * row + offset] as number;
      return bytes.subarray(start, start + size);
    };
  }

  /** Place of each row among the values that a column of this row set stores, -1 where there is none. */
  places(rowSet: number): Int16Array {
    return this.#values.places(rowSet);
  }

  /** Values that a column of this row set stores. */
  storedIn(rowSet: number): number {
    return this.#values.storedIn(rowSet);
  }

  #bind(name: ColumnName): NumberReader {
    const { id, float } = columns[name];
    const values = this.#values.of(id);
    if (float) {
      if (!this.has(name)) return () => undefined;
      return (row) => {
        const value = values[row] as number;
        return Number.isNaN(value) ? undefined : value;
      };
    }
    // One function for all: a loop over several columns then calls the same one each time, and the compiler can put it
    // into the loop.
    return (row) => {
      const value = values[row] as number;
      return value >= 0 ? value : undefined;
    };
  }

  // The order in which the index columns count: IPv4, then IPv6, then MAC entries.
  #allAddresses(): Uint8Array[] {
    const { ipv4Dictionary, ipv6Dictionary, macDictionary } = this.parts;
    return [
      ...entriesOf(ipv4Dictionary, 4),
      ...entriesOf(ipv6Dictionary, 16),
      ...entriesOf(macDictionary, 6),
    ];
  }

  #allPayloadStarts(): Uint32Array {
    const src = this.column('srcPayload');
    const dst = this.column('dstPayload');
    const starts = new Uint32Array(this.rows * 2);
    let at = 0;
    for (let row = 0; row < this.rows; row++) {
      starts[2 * row] = at;
      at += src(row) ?? 0;
      starts[2 * row + 1] = at;
      at += dst(row) ?? 0;
    }
    return starts;
  }
}

function entriesOf(dictionary: Uint8Array, entryBytes: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < dictionary.length; at += entryBytes)
    entries.push(dictionary.subarray(at, at + entryBytes));
  return entries;
}
