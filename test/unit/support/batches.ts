// Makes FlowBatch objects from plain rows, encoded as a probe would: narrowest width above a base, constants without
// values, row sets for what is missing. For tests of everything that reads batches.
import { parseAddress } from '../../../src/record/address.js';
import {
  type AddressColumn,
  addressColumns,
  type ColumnName,
  columns,
  FlowKind,
  TunnelType,
} from '../../../src/record/columns.js';
import { type BatchParts, type ColumnData, FlowBatch, type RowSet } from '../../../src/record/flow-batch.js';
import { noPiece, type Piece, pieceOf } from '../../../src/record/pieces.js';
import { rowSetOf } from '../../../src/record/row-sets.js';
import { constantColumn } from '../../../src/record/stored-values.js';

/** One record: columns by name as numbers; addresses, MACs and payload as text. What is left out is 0 or missing. */
export type Row = {
  [Name in Exclude<ColumnName, TextColumn>]?: number | undefined;
} & { [Name in TextColumn]?: string | undefined };

type TextColumn = AddressColumn | 'srcMac' | 'dstMac' | 'srcPayload' | 'dstPayload';

export interface BatchHead {
  number?: number;
  baseSeconds?: number;
  firstRecord?: number;
}

/** 2026-11-24 13:55:27 UTC. */
export const testSeconds = 1795528527;

export function makeBatch(rows: readonly Row[], head: BatchHead = {}): FlowBatch {
  return new FlowBatch(makeParts(rows, head));
}

export function makeParts(rows: readonly Row[], head: BatchHead = {}): BatchParts {
  const dictionaries = new Dictionaries(rows);
  const payload: Uint8Array[] = [];
  for (const row of rows) {
    for (const text of [row.srcPayload, row.dstPayload]) if (text !== undefined) payload.push(latin1(text));
  }
  const sets = new RowSets(rows.length);
  const made: ColumnData[] = [];
  for (const [name, info] of Object.entries(columns) as [ColumnName, (typeof columns)[ColumnName]][]) {
    const values = rows.map((row) => dictionaries.number(row, name) ?? (info.counter ? 0 : undefined));
    if (values.every((value) => value === (info.counter ? 0 : undefined))) continue;
    const { rowSet, present } = sets.of(values);
    made.push(
      info.float ? encodeDoubles(info.id, rowSet, present) : encodeIntegers(info.id, rowSet, present),
    );
  }
  return {
    number: head.number ?? 1,
    rows: rows.length,
    baseSeconds: head.baseSeconds ?? testSeconds,
    firstRecord: head.firstRecord ?? 1,
    columns: made,
    rowSets: sets.sets,
    ipv4Dictionary: join(dictionaries.ipv4),
    ipv6Dictionary: join(dictionaries.ipv6),
    macDictionary: join(dictionaries.macs),
    payload: join(payload),
    filteredRows: 0,
  };
}

/** An answered TCP connection of 10 and 8 packets over 0.5 s. */
export function tcpRow(change: Row = {}): Row {
  return {
    flowId: 1,
    cause: 3,
    reason: 1,
    kind: FlowKind.ipv4,
    protocol: 6,
    srcAddress: '10.0.0.1',
    dstAddress: '10.0.0.2',
    srcPort: 40000,
    dstPort: 80,
    evidence: 1,
    srcFirst: 0,
    srcSpan: 500_000_000,
    dstFirst: 1_000_000,
    dstSpan: 498_000_000,
    srcPackets: 10,
    dstPackets: 8,
    srcBytes: 1000,
    dstBytes: 8000,
    srcAppBytes: 300,
    dstAppBytes: 7500,
    srcMac: '02:00:00:00:00:01',
    dstMac: '02:00:00:00:00:02',
    srcTtl: 64,
    dstTtl: 60,
    tcpState: 127,
    srcTcpFlags: 27,
    dstTcpFlags: 27,
    srcWindow: 65535,
    dstWindow: 32768,
    synack: 1_000_000,
    ackdat: 500_000,
    ...change,
  };
}

/** A DNS lookup that was answered after 2 ms. */
export function udpRow(change: Row = {}): Row {
  return {
    flowId: 2,
    cause: 3,
    reason: 3,
    kind: FlowKind.ipv4,
    protocol: 17,
    srcAddress: '10.0.0.1',
    dstAddress: '10.0.0.53',
    srcPort: 50000,
    dstPort: 53,
    evidence: 3,
    srcFirst: 0,
    srcSpan: 0,
    dstFirst: 2_000_000,
    dstSpan: 0,
    srcPackets: 1,
    dstPackets: 1,
    srcBytes: 75,
    dstBytes: 91,
    srcAppBytes: 33,
    dstAppBytes: 49,
    srcMac: '02:00:00:00:00:01',
    dstMac: '02:00:00:00:00:02',
    ...change,
  };
}

/** An unanswered echo request. */
export function icmpRow(change: Row = {}): Row {
  return {
    flowId: 3,
    cause: 1,
    kind: FlowKind.ipv4,
    protocol: 1,
    srcAddress: '10.0.0.1',
    dstAddress: '10.0.0.9',
    evidence: 3,
    srcFirst: 0,
    srcSpan: 0,
    srcPackets: 1,
    srcBytes: 98,
    srcAppBytes: 56,
    srcMac: '02:00:00:00:00:01',
    dstMac: '02:00:00:00:00:02',
    icmpType: 8,
    icmpCode: 0,
    icmpId: 7,
    ...change,
  };
}

/** A TCP connection inside VXLAN. */
export function tunnelRow(change: Row = {}): Row {
  return tcpRow({
    linkContext: 2 ** 31 + 5,
    tunnelType: TunnelType.vxlan,
    tunnelId: 4096,
    tunnelSrc: '192.0.2.1',
    tunnelDst: '192.0.2.2',
    ...change,
  });
}

/** A UDP packet that a router answered with an ICMP error. */
export function refusedRow(change: Row = {}): Row {
  return udpRow({
    dstPort: 9999,
    dstFirst: undefined,
    dstSpan: undefined,
    dstPackets: 0,
    dstBytes: 0,
    dstAppBytes: 0,
    evidence: 6,
    icmpErrors: 1,
    icmpErrorType: 3,
    icmpErrorCode: 3,
    inode: '10.0.0.254',
    ...change,
  });
}

class Dictionaries {
  readonly ipv4: Uint8Array[] = [];
  readonly ipv6: Uint8Array[] = [];
  readonly macs: Uint8Array[] = [];
  readonly #places = new Map<string, { family: Uint8Array[]; at: number }>();

  constructor(rows: readonly Row[]) {
    for (const row of rows) {
      for (const text of [...addressColumns.map((name) => row[name]), row.srcMac, row.dstMac]) {
        if (text !== undefined) this.#add(text);
      }
    }
  }

  #add(text: string): void {
    if (this.#places.has(text)) return;
    const bytes = parseAddress(text);
    if (!bytes) throw new Error(`not an address: ${text}`);
    const family = bytes.length === 4 ? this.ipv4 : bytes.length === 16 ? this.ipv6 : this.macs;
    this.#places.set(text, { family, at: family.push(bytes) - 1 });
  }

  /** What the column stores for the row: numbers as they are, text as its index or length. */
  number(row: Row, name: ColumnName): number | undefined {
    switch (name) {
      case 'srcPayload':
      case 'dstPayload':
        return row[name] === undefined ? undefined : latin1(row[name]).length;
      case 'srcAddress':
      case 'dstAddress':
      case 'inode':
      case 'tunnelSrc':
      case 'tunnelDst': {
        const place = this.#places.get(row[name] ?? '');
        if (!place) return undefined;
        if (place.family === this.ipv4) return place.at;
        return place.at + this.ipv4.length + (place.family === this.ipv6 ? 0 : this.ipv6.length);
      }
      case 'srcMac':
      case 'dstMac':
        return this.#places.get(row[name] ?? '')?.at;
      default:
        return row[name];
    }
  }
}

class RowSets {
  readonly sets: RowSet[] = [];
  readonly #known = new Map<string, number>();
  #before: readonly number[] = [];

  constructor(readonly rows: number) {}

  of(values: readonly (number | undefined)[]): { rowSet: number; present: number[] } {
    const members: number[] = [];
    const present: number[] = [];
    values.forEach((value, row) => {
      if (value === undefined) return;
      members.push(row);
      present.push(value);
    });
    if (members.length === this.rows) return { rowSet: 0, present };
    const key = members.join();
    let rowSet = this.#known.get(key);
    if (rowSet === undefined) {
      rowSet = this.sets.push(this.#encode(members));
      this.#known.set(key, rowSet);
    }
    return { rowSet, present };
  }

  // As the rows in which it differs from the set before.
  #encode(members: readonly number[]): RowSet {
    const differ = members
      .filter((row) => !this.#before.includes(row))
      .concat(this.#before.filter((row) => !members.includes(row)))
      .sort((a, b) => a - b);
    this.#before = members;
    return { ...rowSetOf(differ, this.rows), like: this.sets.length === 0 ? 0 : this.sets.length + 1 };
  }
}

function encodeIntegers(id: number, rowSet: number, values: readonly number[]): ColumnData {
  const entries = entriesOf(values);
  if (entries) return { ...entries, id, rowSet };
  const base = Math.min(...values);
  const isThousands =
    values.some((value) => value - base > 0xffff) && values.every((value) => (value - base) % 1000 === 0);
  const scale = isThousands ? 1000 : 1;
  const stored = values.map((value) => (value - base) / scale);
  const width = cheapestWidth(stored);
  const tooWide = (value: number) => value >= 2 ** width;
  const patched = stored.flatMap((value, place) => (tooWide(value) ? [place] : []));
  const patches = patched.map((place) => stored[place] as number);
  return {
    ...constantColumn(id, base),
    ...{ rowSet, width, scale },
    values: packed(
      stored.map((value) => (tooWide(value) ? 0n : BigInt(value))),
      width,
    ),
    patchPlaces: integers(patched, 2),
    patchValues: integers(patches, patches.some((value) => value >= 2 ** 32) ? 8 : 4),
  };
}

/** Two or three values that are far apart stand once each. */
function entriesOf(values: readonly number[]): Omit<ColumnData, 'id' | 'rowSet'> | undefined {
  const entries = [...new Set(values)];
  const small = values.every((value) => Number.isInteger(value) && value < 65536);
  if (!small || entries.length < 2 || entries.length > 3 || values.length < 8) return undefined;
  const places = values.map((value) => BigInt(entries.indexOf(value)));
  return {
    ...{ width: 2, base: 0, scale: 1, patchPlaces: noPiece, patchValues: noPiece },
    values: packed(places, 2),
    entries: integers(entries, 2),
    ...{ plus: 0, minus: 0, times: 0 },
  };
}

/** As the probe chooses: a few large values stand apart where that is shorter. */
function cheapestWidth(stored: readonly number[]): number {
  const largest = Math.max(...stored);
  const patch = largest >= 2 ** 32 ? 10 : 6;
  const cost = (width: number) => {
    const above = stored.filter((value) => value >= 2 ** width).length;
    return Math.ceil((stored.length * width) / 8) + (above > 0 ? above * patch + 6 : 0);
  };
  let best = largest.toString(2).length;
  for (let width = best - 1; width >= 0; width--) if (cost(width) < cost(best)) best = width;
  return best;
}

/** One value behind the other, from the low bits up. */
export function packed(values: readonly bigint[], width: number): Piece {
  const bytes = new Uint8Array(Math.ceil((values.length * width) / 8));
  let all = values.reduceRight((rest, value) => (rest << BigInt(width)) | value, 0n);
  for (let i = 0; i < bytes.length; i++, all >>= 8n) bytes[i] = Number(all & 255n);
  return pieceOf(bytes);
}

function integers(values: readonly number[], width: number): Piece {
  return packed(values.map(BigInt), width * 8);
}

// Whole, unlike those of the probe: what tests put in is what they get.
function encodeDoubles(id: number, rowSet: number, values: readonly number[]): ColumnData {
  const bytes = pieceOf(new Uint8Array(Float64Array.from(values).buffer));
  return { ...constantColumn(id, 0), rowSet, width: 64, values: bytes };
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
