// Rows taken out of a batch say the same as before.
import { describe, expect, it } from 'vitest';
import { fields } from '../../../src/record/fields.js';
import { FlowBatch } from '../../../src/record/flow-batch.js';
import { decodeFrame, encodeBatch } from '../../../src/wire/codec.js';
import { selectRows } from '../../../src/wire/select-rows.js';
import { icmpRow, makeBatch, type Row, tcpRow, tunnelRow, udpRow } from '../support/batches.js';
import { randomRow, seededRandom } from '../support/random.js';

function throughTheWire(batch: FlowBatch, rows: number[], payload = true): FlowBatch {
  const frame = decodeFrame(encodeBatch(selectRows(batch, Uint16Array.from(rows), { payload })));
  if (frame.kind !== 'batch') throw new Error(frame.kind);
  return frame.batch;
}

/** Values of all fields; `seq` counts rows and so is not kept. */
function valuesOf(batch: FlowBatch, rows: number[]): Record<string, unknown>[] {
  const readers = [...fields.values()]
    .filter((field) => field.name !== 'seq')
    .map((field) => [field.name, field.read(batch)] as const);
  return rows.map((row) => Object.fromEntries(readers.map(([name, read]) => [name, read(row)])));
}

const indexes = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('selectRows', () => {
  it('keeps all values of all fields for random subsets', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 60; round++) {
      const count = 1 + Math.floor(random() * (round % 10 === 0 ? 1024 : 60));
      const batch = makeBatch(
        indexes(count).map((index) => randomRow(random, index)),
        { number: 9, firstRecord: 70 },
      );
      const share = random();
      const rows = indexes(count).filter(() => random() < share);
      const selected = throughTheWire(batch, rows);
      expect(valuesOf(selected, indexes(rows.length))).toEqual(valuesOf(batch, rows));
      expect(selected).toMatchObject({ number: 9, firstRecord: 70, rows: rows.length });
      expect(selected.parts.filteredRows).toBe(count - rows.length);
    }
  });

  it('keeps any order', () => {
    const batch = makeBatch([tcpRow(), udpRow({ srcPayload: 'query' }), icmpRow()]);
    const rows = [2, 0, 1];
    expect(valuesOf(throughTheWire(batch, rows), indexes(3))).toEqual(valuesOf(batch, rows));
  });

  it('shrinks dictionaries to what the rows use', () => {
    const rows: Row[] = indexes(50).map((index) =>
      tcpRow({
        srcAddress: `10.0.1.${index}`,
        dstAddress: '2001:db8::1',
        srcMac: `02:00:00:00:01:${10 + index}`,
      }),
    );
    const batch = makeBatch(rows);
    const { parts } = throughTheWire(batch, [7, 9]);
    expect(parts.ipv4Dictionary.length / 4).toBe(2);
    expect(parts.ipv6Dictionary.length / 16).toBe(1);
    expect(parts.macDictionary.length / 6).toBe(3);
  });

  it('keeps the addresses of tunnels and of ICMP errors, and no others', () => {
    const rows: Row[] = indexes(9).map((index) =>
      tunnelRow({ tunnelSrc: `192.0.2.${index}`, tunnelDst: '2001:db8::1', inode: `203.0.113.${index}` }),
    );
    const cut = throughTheWire(makeBatch([tcpRow(), ...rows]), [0, 5]);
    expect(cut.addressText('tunnelSrc')(1)).toBe('192.0.2.4');
    expect(cut.addressText('tunnelDst')(1)).toBe('2001:db8::1');
    expect(cut.addressText('inode')(1)).toBe('203.0.113.4');
    expect(cut.addressText('inode')(0)).toBe('');
    expect(cut.parts.ipv4Dictionary.length / 4).toBe(4);
  });

  it('leaves payload and its lengths out where it is not wanted, and only these', () => {
    const batch = makeBatch([tcpRow({ srcPayload: 'GET /', dstPayload: '200' }), icmpRow()]);
    const cut = throughTheWire(batch, [0, 1], false);
    expect(cut.parts.payload.length).toBe(0);
    expect(cut.payload('src')(0)).toBeUndefined();
    const kept = throughTheWire(batch, [0, 1]);
    const withoutPayload = (values: Record<string, unknown>[]) =>
      values.map(({ suser: _suser, duser: _duser, ...rest }) => rest);
    expect(withoutPayload(valuesOf(cut, [0, 1]))).toEqual(withoutPayload(valuesOf(kept, [0, 1])));
    expect(Buffer.from(kept.payload('dst')(0) as Uint8Array).toString()).toBe('200');
  });

  it('adds up what two filters took out', () => {
    const batch = makeBatch(indexes(10).map((index) => tcpRow({ flowId: index })));
    const once = new FlowBatch(selectRows(batch, [1, 2, 3]));
    expect(selectRows(once, [0]).filteredRows).toBe(9);
  });

  it('makes an empty batch of no rows', () => {
    const batch = throughTheWire(makeBatch([tcpRow()]), []);
    expect(batch.rows).toBe(0);
    expect(batch.parts.columns).toEqual([]);
    expect(batch.parts.filteredRows).toBe(1);
  });

  it('does not reach beyond the batch', () => {
    expect(() => selectRows(makeBatch([tcpRow()]), [1])).toThrow('row 1 of 1');
  });
});
