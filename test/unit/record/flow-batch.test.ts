// A batch reads what its parts say, and refuses parts that contradict each other.
import { describe, expect, it } from 'vitest';
import { addressColumns, type ColumnName, columns } from '../../../src/record/columns.js';
import { type BatchParts, type ColumnData, FlowBatch, type RowSet } from '../../../src/record/flow-batch.js';
import { noPiece, type Piece, pieceOf } from '../../../src/record/pieces.js';
import { constantColumn } from '../../../src/record/stored-values.js';
import {
  icmpRow,
  makeBatch,
  makeParts,
  packed,
  type Row,
  refusedRow,
  tcpRow,
  tunnelRow,
  udpRow,
} from '../support/batches.js';

const noBytes = new Uint8Array(0);
const bytes = (...values: number[]): Piece => pieceOf(Uint8Array.from(values));

const steps = (...values: number[]): RowSet => ({ like: 0, steps: bytes(...values), bitmap: noPiece });
const bitmap = (...values: number[]): RowSet => ({ like: 0, steps: noPiece, bitmap: bytes(...values) });

/** A column of SRC_PORT, missing where it is left out. */
function column(change: Partial<ColumnData>): ColumnData {
  return { ...constantColumn(columns.srcPort.id, 0), width: 8, ...change };
}

function parts(change: Partial<BatchParts>): BatchParts {
  return {
    number: 1,
    rows: 3,
    baseSeconds: 0,
    firstRecord: 1,
    columns: [],
    rowSets: [],
    ipv4Dictionary: noBytes,
    ipv6Dictionary: noBytes,
    macDictionary: noBytes,
    payload: noBytes,
    filteredRows: 0,
    ...change,
  };
}

function read(change: Partial<ColumnData>, rowSets: BatchParts['rowSets'] = []): (number | undefined)[] {
  const batch = new FlowBatch(parts({ columns: [column(change)], rowSets }));
  return [0, 1, 2].map(batch.column('srcPort'));
}

describe('FlowBatch', () => {
  it('reads each width above base and scale', () => {
    expect(read({ width: 0, base: 9 })).toEqual([9, 9, 9]);
    expect(read({ width: 4, values: bytes(0xf1, 0x02), base: 10, scale: 3 })).toEqual([13, 55, 16]);
    expect(read({ width: 8, values: bytes(1, 2, 255), base: 10, scale: 3 })).toEqual([13, 16, 775]);
    expect(read({ width: 24, values: bytes(1, 0, 0, 0, 0, 1, 255, 255, 255) })).toEqual([
      1,
      65536,
      2 ** 24 - 1,
    ]);
    expect(read({ width: 16, values: bytes(1, 0, 0, 1, 255, 255) })).toEqual([1, 256, 65535]);
    expect(read({ width: 32, values: bytes(1, 0, 0, 0, 0, 0, 0, 128, 255, 255, 255, 255) })).toEqual([
      1,
      2 ** 31,
      2 ** 32 - 1,
    ]);
    const eight = bytes(
      ...[1, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 1, 0, 0, 0],
      ...[255, 255, 255, 255, 255, 255, 31, 0],
    );
    expect(read({ width: 64, values: eight })).toEqual([1, 2 ** 32, Number.MAX_SAFE_INTEGER]);
    expect(read({ width: 64, values: eight, base: 5, scale: 1 })[1]).toBe(2 ** 32 + 5);
  });

  it('reads values across the borders of bytes and words', () => {
    // 0b011, 0b101, 0b001 from the low bits up: 1 01|01 1 -> 001 101 011
    expect(read({ width: 3, values: bytes(0b01101011, 0) })).toEqual([3, 5, 1]);
    // 31 bits each: bits 0-30 all set, 31-61 only the lowest, 62-92 only the highest
    const values = new Uint8Array(12);
    values.set([255, 255, 255, 0x7f + 0x80]);
    values[11] = 1 << 4; // bit 92
    expect(read({ width: 31, values: pieceOf(values) })).toEqual([2 ** 31 - 1, 1, 2 ** 30]);
    // 33 bits: bit 32 of the first, bit 33 + 0 of the second, bit 66 + 32 of the third
    const wide = new Uint8Array(13);
    wide[4] = 0b11;
    wide[12] = 1 << 2;
    expect(read({ width: 33, values: pieceOf(wide) })).toEqual([2 ** 32, 1, 2 ** 32]);
    const widest = new Uint8Array(20);
    widest.fill(255, 0, 6);
    widest[6] = 31; // 53 bits
    expect(read({ width: 53, values: pieceOf(widest) })).toEqual([Number.MAX_SAFE_INTEGER, 0, 0]);
  });

  it.each(Array.from({ length: 54 }, (_, width) => width).concat(64))(
    'reads %i bits a value, of few rows and of many',
    (width) => {
      const limit = 2 ** Math.min(width, 53);
      for (const rows of [0, 1, 7, 8, 9, 1024]) {
        const stored = Array.from({ length: rows }, (_, row) => Math.floor((limit - 1) / (1 + (row % 5))));
        const all = parts({ rows, columns: [column({ width, values: packed(stored.map(BigInt), width) })] });
        const read = new FlowBatch(all).column('srcPort');
        expect(stored.map((_, row) => read(row))).toEqual(stored);
      }
    },
  );

  it('keeps the values of one column apart from those of others', () => {
    const ids = Object.values(columns).flatMap(({ id, float }) => (float || id < 48 || id > 80 ? [] : [id]));
    const many = ids.map((id, n) => column({ id, width: 5, base: n, values: bytes(0xff, 0x7f) }));
    const batch = new FlowBatch(parts({ columns: many }));
    const names = (Object.keys(columns) as ColumnName[]).filter((name) => ids.includes(columns[name].id));
    const readers = names.map((name) => batch.column(name));
    expect(readers.map((read) => [0, 1, 2].map(read))).toEqual(
      names.map((name) => new Array(3).fill(31 + ids.indexOf(columns[name].id))),
    );
  });

  it('takes patches at their places, also where nothing else is stored', () => {
    const patched = { patchPlaces: bytes(1, 0), patchValues: bytes(0, 0, 0, 128) };
    expect(read({ width: 8, values: bytes(7, 0, 8), base: 1, ...patched })).toEqual([8, 2 ** 31 + 1, 9]);
    expect(read({ width: 0, base: 1, ...patched })).toEqual([1, 2 ** 31 + 1, 1]);
    const wide = { patchPlaces: bytes(2, 0), patchValues: bytes(0, 0, 0, 0, 1, 0, 0, 0) };
    expect(read({ width: 4, values: bytes(0x21, 0), ...wide })).toEqual([1, 2, 2 ** 32]);
  });

  it('reads entries by their places, and 0 beyond them', () => {
    const entries = bytes(0xb4, 5, 0x64, 5); // 1460, 1380
    expect(read({ width: 1, values: bytes(0b010), entries })).toEqual([1460, 1380, 1460]);
    expect(read({ width: 2, values: bytes(0b110001), base: 4, scale: 2, entries })).toEqual([2764, 2924, 4]);
    expect(read({ width: 0, entries })).toEqual([1460, 1460, 1460]);
  });

  it('reads the rows of a row set in either form, and nothing elsewhere', () => {
    const one = column({ rowSet: 1, width: 8, values: bytes(7, 8) });
    expect(read(one, [steps(0, 1)])).toEqual([7, undefined, 8]);
    expect(read(one, [bitmap(0b110)])).toEqual([undefined, 7, 8]);
    const constant = column({ rowSet: 1, width: 0, base: 5 });
    expect(read(constant, [steps(1)])).toEqual([undefined, 5, undefined]);
  });

  it('reads a row set of many rows, of which some words are full and some empty', () => {
    const rows = 1000;
    const isMember = (row: number) => row < 64 || (row >= 128 && row % 3 === 0) || row > 990;
    const all = Array.from({ length: rows }, (_, row) => row);
    const members = all.filter(isMember);
    const bitmapBytes = new Uint8Array(rows / 8);
    for (const row of members) bitmapBytes[row >> 3] = (bitmapBytes[row >> 3] as number) | (1 << (row & 7));
    const one = column({ rowSet: 1, width: 10, values: packed(members.map(BigInt), 10) });
    const rowSets = [{ like: 0, steps: noPiece, bitmap: pieceOf(bitmapBytes) }];
    const batch = new FlowBatch(parts({ rows, columns: [one], rowSets }));
    expect(all.map(batch.column('srcPort'))).toEqual(all.map((row) => (isMember(row) ? row : undefined)));
  });

  it('reads a counter as 0 in rows that it does not speak of', () => {
    const rowSets = [bitmap(0b101)];
    const counter = { id: columns.srcAppBytes.id, rowSet: 1, values: bytes(7, 8) };
    const read = (change: Partial<ColumnData>, ...others: ColumnData[]) => {
      const all = [column({ ...counter, ...change }), ...others];
      return [0, 1, 2].map(new FlowBatch(parts({ columns: all, rowSets })).column('srcAppBytes'));
    };
    expect(read({})).toEqual([7, 0, 8]);
    expect(read({ base: 2 ** 40 })).toEqual([2 ** 40 + 7, 0, 2 ** 40 + 8]);
    const bytesOfAll = column({ id: columns.srcBytes.id, width: 0, base: 3 });
    expect(read({ plus: columns.srcBytes.id }, bytesOfAll)).toEqual([10, 0, 11]);
  });

  it('adds what other columns tell of the row', () => {
    const rowSets = [bitmap(0b101), bitmap(0b110)];
    const chain = [
      column({ id: columns.ackdat.id, rowSet: 1, values: bytes(10, 20) }),
      column({ id: columns.srcRttMin.id, rowSet: 2, base: -4, values: bytes(1, 2), plus: columns.ackdat.id }),
      column({ id: columns.srcRttMax.id, values: bytes(1, 1, 1), plus: columns.srcRttMin.id }),
    ];
    const batch = new FlowBatch(parts({ columns: chain, rowSets }));
    const read = (name: ColumnName) => [0, 1, 2].map(batch.column(name));
    expect(read('srcRttMin')).toEqual([undefined, 0, 18]);
    expect(read('srcRttMax')).toEqual([1, 1, 19]);
  });

  it('takes away what other columns tell, and goes not below 0', () => {
    const related = { plus: columns.srcBytes.id, minus: columns.srcPackets.id, times: 66 };
    const volume = [
      column({ id: columns.srcAppBytes.id, width: 0, base: 12, ...related }),
      column({ id: columns.srcBytes.id, width: 16, values: bytes(200, 0, 0, 1, 10, 0) }),
      column({ id: columns.srcPackets.id, width: 0, base: 3 }),
    ];
    const read = (all: ColumnData[]) =>
      [0, 1, 2].map(new FlowBatch(parts({ columns: all })).column('srcAppBytes'));
    expect(read(volume)).toEqual([14, 70, 0]);
    expect(read(volume.slice(0, 2))).toEqual([212, 268, 22]);
  });

  it('reads a row set as the rows in which it differs from another', () => {
    const of = (...rowSets: RowSet[]) =>
      read(column({ rowSet: rowSets.length, width: 0, base: 5 }), rowSets).map((value) => value === 5);
    expect(of({ ...steps(1), like: 1 })).toEqual([true, false, true]);
    expect(of(bitmap(0b101), { ...steps(0, 0), like: 2 })).toEqual([false, true, true]);
    expect(of(steps(0), steps(2), { ...bitmap(0b010), like: 3 })).toEqual([false, true, true]);
    expect(of(steps(0), { ...steps(), like: 2 })).toEqual([true, false, false]);
  });

  it('passes over many rows of a row set', () => {
    const rowSets = [steps(255, 255, 10, 0, 255, 200)];
    const one = column({ id: columns.srcRetrans.id, rowSet: 1, values: bytes(1, 2, 3) });
    const retrans = new FlowBatch(parts({ rows: 1000, columns: [one], rowSets })).column('srcRetrans');
    const present = Array.from({ length: 1000 }, (_, row) => row).filter((row) => retrans(row) !== 0);
    expect(present).toEqual([520, 521, 977]);
    expect(retrans(977)).toBe(3);
  });

  it('reads a counter that is left out as 0, any other column as missing', () => {
    const batch = new FlowBatch(parts({}));
    expect(batch.column('srcPackets')(0)).toBe(0);
    expect(batch.column('srcPort')(0)).toBeUndefined();
    expect(batch.address('src')(0)).toEqual(noBytes);
    expect(batch.addressText('src')(0)).toBe('');
  });

  it('reads doubles, and one that is no number as missing', () => {
    const values = pieceOf(new Uint8Array(new Float64Array([1.5, Number.NaN, 1e300]).buffer));
    const batch = new FlowBatch(parts({ columns: [column({ id: columns.srcGapM2.id, width: 64, values })] }));
    expect([0, 1, 2].map(batch.column('srcGapM2'))).toEqual([1.5, undefined, 1e300]);
  });

  it('reads doubles of which the upper 44 bits are there', () => {
    const read44 = (change: Partial<ColumnData>) => {
      const of = column({ id: columns.dstGapM2.id, ...change });
      return [0, 1, 2].map(new FlowBatch(parts({ columns: [of] })).column('dstGapM2'));
    };
    // 1.5 is 0x3ff8 0000 0000 0000, 0.25 is 0x3fd0 0000 0000 0000
    expect(read44({ width: 0, base: 0x3fd00000000 })).toEqual([0.25, 0.25, 0.25]);
    const values = bytes(0, 0, 0, 0, 0, 0, 0, 0, 0x80, 2, 0, 0, 0, 0, 0);
    expect(read44({ width: 40, base: 0x3fd00000000, values })).toEqual([0.25, 1.5, 0.25]);
    const nan = { patchPlaces: bytes(1, 0), patchValues: bytes(0, 0, 0, 0x80, 0xff, 0x07, 0, 0) };
    expect(read44({ width: 0, ...nan })).toEqual([0, undefined, 0]);
  });

  it('finds addresses of all families, MACs and payload of each row', () => {
    const rows: Row[] = [
      tcpRow({ srcPayload: 'GET /', dstPayload: 'HTTP' }),
      icmpRow(),
      { kind: 4, srcAddress: '02:00:00:00:00:01', dstAddress: 'ff:ff:ff:ff:ff:ff' },
      udpRow({ kind: 2, srcAddress: '2001:db8::1', dstAddress: '2001:db8::2', dstPayload: 'answer' }),
    ];
    const batch = makeBatch(rows);
    rows.forEach((row, index) => {
      expect(batch.addressText('src')(index)).toBe(row.srcAddress);
      expect(batch.addressText('dst')(index)).toBe(row.dstAddress);
      for (const side of ['src', 'dst'] as const) {
        const payload = batch.payload(side)(index);
        expect(payload && Buffer.from(payload).toString('latin1')).toBe(row[`${side}Payload`]);
      }
    });
    expect(batch.address('src')(3)).toHaveLength(16);
    expect(batch.mac('dst')(0)).toEqual(Uint8Array.of(2, 0, 0, 0, 0, 2));
    expect(batch.mac('dst')(2)).toBeUndefined();
  });

  it('finds addresses of neither end, of any family, and none where there is none', () => {
    const six = tunnelRow({ kind: 2, srcAddress: '2001:db8::1', dstAddress: '2001:db8::2' });
    const batch = makeBatch([six, refusedRow({ inode: '2001:db8::9' })]);
    const texts = (['tunnelSrc', 'tunnelDst', 'inode'] as const).map((name) => batch.addressText(name));
    expect(texts.map((text) => text(0))).toEqual(['192.0.2.1', '192.0.2.2', '']);
    expect(texts.map((text) => text(1))).toEqual(['', '', '2001:db8::9']);
    expect(batch.address('tunnelSrc')(0)).toEqual(Uint8Array.of(192, 0, 2, 1));
    expect(batch.address('inode')(0)).toHaveLength(0);
  });

  it('binds a column once', () => {
    const batch = makeBatch([tcpRow()]);
    expect(batch.column('srcBytes')).toBe(batch.column('srcBytes'));
  });

  const good = makeParts([
    tcpRow({ srcPayload: 'abc' }),
    refusedRow({ srcAddress: '10.0.0.3' }),
    tunnelRow(),
  ]);
  const swap = (id: number, change: Partial<ColumnData>): BatchParts => ({
    ...good,
    columns: good.columns.map((each) => (each.id === id ? { ...each, ...change } : each)),
  });

  it.each<[string, BatchParts]>([
    ['more rows than a batch may have', parts({ rows: 1025 })],
    ['a part of a row', parts({ rows: 1.5 })],
    ['a number beyond 2^53', parts({ number: 2 ** 60 })],
    ['a time after the year 9999', parts({ baseSeconds: 253402300800 })],
    ['too few values', parts({ columns: [column({ values: bytes(1, 2) })] })],
    ['too many values', parts({ columns: [column({ values: bytes(1, 2, 3, 4) })] })],
    ['values in a column that has none', parts({ columns: [column({ width: 0, values: bytes(1) })] })],
    [
      'a width that does not exist',
      parts({ columns: [column({ width: 54, values: pieceOf(new Uint8Array(21)) })] }),
    ],
    [
      'patches of what is 64 bits wide',
      parts({
        columns: [
          column({
            width: 64,
            values: pieceOf(new Uint8Array(24)),
            patchPlaces: bytes(0, 0),
            patchValues: bytes(1, 0, 0, 0),
          }),
        ],
      }),
    ],
    ['half an entry', parts({ columns: [column({ width: 0, entries: bytes(1) })] })],
    [
      'more than 256 entries',
      parts({ columns: [column({ width: 0, entries: pieceOf(new Uint8Array(514)) })] }),
    ],
    [
      'entries and wide values',
      parts({ columns: [column({ width: 9, values: pieceOf(new Uint8Array(4)), entries: bytes(1, 0) })] }),
    ],
    [
      'entries and patches',
      parts({
        columns: [
          column({
            width: 0,
            patchPlaces: bytes(0, 0),
            patchValues: bytes(1, 0, 0, 0),
            entries: bytes(1, 0),
          }),
        ],
      }),
    ],
    [
      'a patch beyond 2^53',
      parts({
        columns: [
          column({ width: 0, patchPlaces: bytes(0, 0), patchValues: bytes(0, 0, 0, 0, 0, 0, 32, 0) }),
        ],
      }),
    ],
    ['a base beyond 2^53', parts({ columns: [column({ width: 0, base: 2 ** 60 })] })],
    ['a base below 0 without another column', parts({ columns: [column({ width: 0, base: -1 })] })],
    ['a base far below 0', parts({ columns: [column({ width: 0, base: -(2 ** 60), plus: 9 })] })],
    ['times beyond 32 bits', parts({ columns: [column({ width: 0, minus: 9, times: 2 ** 32 })] })],
    ['a column told by itself', parts({ columns: [column({ width: 0, plus: columns.srcPort.id })] })],
    [
      'a chain of five columns',
      parts({ columns: [1001, 1002, 1003, 1004, 1005].map((id) => column({ id, width: 0, minus: id + 1 })) }),
    ],
    [
      'indexes that are told by another column',
      parts({ columns: [column({ id: columns.srcAddress.id, width: 0, plus: 9 })] }),
    ],
    [
      'a column told by a length of payload',
      parts({ columns: [column({ width: 0, plus: columns.srcPayload.id })] }),
    ],
    ['a column told by doubles', parts({ columns: [column({ width: 0, minus: columns.srcGapM2.id })] })],
    ['a column twice', parts({ columns: [column({ width: 0 }), column({ width: 0 })] })],
    ['a row set that does not exist', parts({ columns: [column({ rowSet: 1, width: 0 })] })],
    ['steps beyond the batch', parts({ rowSets: [steps(0, 1, 0)] })],
    ['a long step beyond the batch', parts({ rowSets: [steps(255, 0)] })],
    ['a bitmap of the wrong length', parts({ rowSets: [bitmap(1, 0)] })],
    ['a bitmap with rows beyond the batch', parts({ rowSets: [bitmap(8)] })],
    ['both forms of a row set', parts({ rowSets: [{ ...steps(0), bitmap: bytes(1) }] })],
    ['a row set like itself', parts({ rowSets: [{ ...steps(0), like: 2 }] })],
    ['a row set like a later one', parts({ rowSets: [{ ...steps(0), like: 3 }, steps(1)] })],
    ['more than 1024 row sets', parts({ rowSets: Array.from({ length: 1025 }, () => steps(0)) })],
    ['part of a dictionary entry', { ...good, ipv4Dictionary: good.ipv4Dictionary.subarray(1) }],
    ['an address beyond the dictionaries', { ...good, ipv4Dictionary: noBytes }],
    ['a MAC beyond its dictionary', swap(columns.srcMac.id, { base: 2 })],
    ...addressColumns.map((name): [string, BatchParts] => [
      `an address of ${name} beyond the dictionaries`,
      swap(columns[name].id, { base: 99 }),
    ]),
    ['payload that is shorter than its lengths', { ...good, payload: good.payload.subarray(1) }],
    ['payload that is longer than its lengths', swap(columns.srcPayload.id, { base: 2 })],
  ])('refuses %s', (_, bad) => {
    expect(() => new FlowBatch(bad)).toThrow(expect.objectContaining({ code: 'bad-frame' }));
  });

  it('reads these parts when they are not damaged', () => {
    expect(new FlowBatch(good).rows).toBe(3);
  });

  it('keeps columns that it does not know, and checks them', () => {
    const unknown = column({ id: 9999, values: bytes(1, 2, 3) });
    expect(new FlowBatch(parts({ columns: [unknown] })).parts.columns).toEqual([unknown]);
    expect(() => new FlowBatch(parts({ columns: [{ ...unknown, values: bytes(1) }] }))).toThrow(
      'column 9999',
    );
  });
});
