// Values of the fields of gaps by class, frame sizes, goodput and argus's rates, worked out by hand.
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../src/record/field.js';
import { argusRates } from '../../../src/record/fields/argus-rates.js';
import { sizeBin } from '../../../src/record/fields/sizes.js';
import { findField, sides } from '../../../src/record/fields.js';
import { makeBatch, type Row, tcpRow, udpRow } from '../support/batches.js';

function read(field: Field | undefined, row: Row): unknown {
  if (!field) throw new Error('no such field');
  return field.read(makeBatch([row]))(0);
}
const values = (row: Row, ...names: string[]) => names.map((name) => read(findField(name), row));

const active = ['dintpktact', 'dintpktactmin', 'dintpktactmax', 'djitact'];
const idle = ['dintpktidl', 'dintpktidlmin', 'dintpktidlmax', 'djitidl'];
const ms = 1e6;

describe('active and idle gaps', () => {
  // Active 10, 30, 10, 50 ms: mean 25, M2 1100 ms². Idle 40, 110, 50, 40 ms: mean 60, M2 3400 ms². All: mean 42.5.
  const mixed: Row = {
    ...{ dstPackets: 9, dstSpan: 340 * ms, dstGapMin: 10 * ms, dstGapMax: 110 * ms },
    ...{ dstGapActiveCount: 4, dstGapActiveSum: 100 * ms, dstGapActiveMax: 50 * ms },
    ...{ dstGapActiveM2: 1100e12, dstGapIdleMin: 40 * ms, dstGapIdleM2: 3400e12 },
  };

  it('are told apart where a row has both', () => {
    expect(values(tcpRow(mixed), ...active)).toEqual([25, 10, 50, Math.sqrt(275)]);
    expect(values(tcpRow(mixed), ...idle)).toEqual([60, 40, 110, Math.sqrt(850)]);
  });

  it('give the deviation of all gaps together', () => {
    const all = [10, 30, 10, 50, 40, 110, 50, 40].map((gap) => (gap - 42.5) ** 2);
    const variance = all.reduce((sum, square) => sum + square, 0) / 8;
    expect(values(tcpRow(mixed), 'dintpkt', 'djit')).toEqual([42.5, expect.closeTo(Math.sqrt(variance), 9)]);
  });

  it('are complete where few of them leave most out', () => {
    // Active 7; idle 2, 5, 20: mean 9, squares 49 + 16 + 121.
    const few: Row = {
      ...{ dstPackets: 5, dstSpan: 34 * ms, dstGapMin: 2 * ms, dstGapMax: 20 * ms },
      ...{ dstGapActiveCount: 1, dstGapActiveSum: 7 * ms },
    };
    expect(values(tcpRow(few), ...active)).toEqual([7, 7, 7, undefined]);
    expect(values(tcpRow(few), ...idle)).toEqual([9, 2, 20, expect.closeTo(Math.sqrt(62), 9)]);
    // Active 3 and 9; idle 4 and 5.
    const two: Row = {
      ...{ dstPackets: 5, dstSpan: 21 * ms, dstGapMin: 3 * ms, dstGapMax: 9 * ms },
      ...{ dstGapActiveCount: 2, dstGapActiveSum: 12 * ms, dstGapIdleMin: 4 * ms },
    };
    expect(values(tcpRow(two), ...active)).toEqual([6, 3, 9, 3]);
    expect(values(tcpRow(two), ...idle)).toEqual([4.5, 4, 5, 0.5]);
  });

  it('are all idle in TCP that has no active ones, and all active where nothing is said of idle ones', () => {
    const gaps: Row = { dstPackets: 3, dstSpan: 10 * ms, dstGapMin: 4 * ms };
    expect(values(tcpRow(gaps), ...active)).toEqual([undefined, undefined, undefined, undefined]);
    expect(values(tcpRow(gaps), ...idle)).toEqual([5, 4, 6, 1]);
    const allActive = tcpRow({ ...gaps, dstGapActiveCount: 2 });
    expect(values(allActive, ...active)).toEqual([5, 4, 6, 1]);
    expect(values(allActive, ...idle)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are missing, not wrong, where the probe had no room to tell them apart', () => {
    const row = tcpRow({ dstPackets: 3, dstSpan: 10 * ms, dstGapMin: 4 * ms, dstGapActiveCount: 0 });
    expect(values(row, 'dintpktact', 'dintpktidl', 'dintpkt')).toEqual([undefined, undefined, 5]);
  });

  it('are all active where a flow is not TCP', () => {
    const row = udpRow({ dstPackets: 3, dstSpan: 10 * ms, dstGapMin: 4 * ms });
    expect(values(row, ...active)).toEqual([5, 4, 6, 1]);
    expect(values(row, ...idle)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('have the words of argus in filters', () => {
    expect(sides('intpktidle')?.map(({ name }) => name)).toEqual(['sintpktidl', 'dintpktidl']);
    for (const word of ['intpktact', 'jitact', 'jitidle']) expect(sides(word)).toHaveLength(2);
  });
});

describe('frame sizes', () => {
  it('stand in bins of powers of two', () => {
    expect([1, 63, 64, 127, 128, 1023, 1024, 1514, 2048, 4095, 4096, 65549].map(sizeBin)).toEqual([
      0, 0, 1, 1, 2, 4, 5, 5, 6, 6, 7, 7,
    ]);
  });

  it('leave to the largest frame what the others do not have', () => {
    const row = tcpRow({
      ...{ dstPackets: 20, dstMinSize: 60, dstMaxSize: 1514 },
      ...{ dstSize0: 3, dstSize64: 5, dstSize512: 1 },
    });
    expect(values(row, 'dpktsz')).toEqual(['3:5:0:0:1:11:0:0']);
    expect(findField('dpktsz')?.readList?.(makeBatch([row]))(0)).toEqual([3, 5, 0, 0, 1, 11, 0, 0]);
  });

  it('are those of the bytes where there is one packet, and missing without any', () => {
    expect(values(udpRow({ srcPackets: 1, srcBytes: 300 }), 'spktsz')).toEqual(['0:0:0:1:0:0:0:0']);
    expect(values(udpRow({ srcPackets: 0 }), 'spktsz')).toEqual([undefined]);
  });

  it('are missing where the numbers contradict each other', () => {
    const row = tcpRow({ dstPackets: 2, dstMinSize: 60, dstMaxSize: 1514, dstSize64: 5 });
    expect(values(row, 'dpktsz')).toEqual([undefined]);
    expect(values({ ...row, dstSize64: 0 }, 'dpktsz')).toEqual([undefined]);
  });
});

describe('goodput', () => {
  it('is payload without what was sent again, over the duration of the record', () => {
    const row = tcpRow({ srcSpan: 2e9, dstAppBytes: 7500, dstRetrans: 2, dstRetransBytes: 500 });
    expect(values(row, 'dgoodput')).toEqual([28_000]);
    expect(values(udpRow({ srcSpan: 1e9, srcPackets: 2, srcAppBytes: 100 }), 'sgoodput')).toEqual([800]);
  });

  it('is missing without a duration', () => {
    expect(values({ srcFirst: 0, srcPackets: 1, srcAppBytes: 9 }, 'sgoodput')).toEqual([undefined]);
  });
});

describe("argus's rates", () => {
  const rates = (row: Row) =>
    ['rate', 'srate', 'drate', 'load', 'sload', 'dload'].map((name) => read(argusRates.get(name), row));

  it('count gaps instead of packets, and take a mean packet off the load', () => {
    // 10 packets of src in 2 s, 1000 bytes; 5 of dst in 1 s, 5002 bytes: a mean packet has 1000.
    const row: Row = {
      ...{ srcFirst: 0, srcSpan: 2e9, srcPackets: 10, srcBytes: 1000 },
      ...{ dstFirst: 1e9, dstSpan: 1e9, dstPackets: 5, dstBytes: 5002 },
    };
    expect(rates(row)).toEqual([7, 4.5, 4, (900 * 8 + 4002 * 8) / 2, 3600, 32_016]);
  });

  it('divide by the duration of the record where a side has none', () => {
    const row: Row = {
      ...{ srcFirst: 0, srcPackets: 2, srcBytes: 200, srcSpan: 0 },
      ...{ dstFirst: 4e9, dstPackets: 1, dstBytes: 60 },
    };
    expect(rates(row)).toEqual([0.5, 0.25, 0, 200, 200, 0]);
  });

  it('are 0 for single packets', () => {
    expect(rates({ srcFirst: 0, srcPackets: 1, srcBytes: 60 })).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
