// Batches whose integers lie in one buffer leave each other alone.
import { expect, test } from 'vitest';
import { columns } from '../../../src/record/columns.js';
import { FlowBatch } from '../../../src/record/flow-batch.js';
import { noPiece, pieceOf } from '../../../src/record/pieces.js';
import { constantColumn } from '../../../src/record/stored-values.js';
import { makeParts } from '../support/batches.js';

const rows = 1000;
const portOf = (batch: number, row: number) => (batch * 7 + row * 3) % 256;

/** A batch with a source port in all rows but the first. */
function batchOf(number: number): FlowBatch {
  const values = pieceOf(Uint8Array.from({ length: rows - 1 }, (_, at) => portOf(number, at + 1)));
  return new FlowBatch({
    ...makeParts([]),
    rows,
    columns: [{ ...constantColumn(columns.srcPort.id, 0), rowSet: 1, width: 8, values }],
    rowSets: [{ like: 1, steps: pieceOf(Uint8Array.of(0)), bitmap: noPiece }],
  });
}

test('a batch keeps what was read, however many follow', () => {
  const readers = Array.from({ length: 200 }, (_, n) => batchOf(n)).map((batch) => batch.column('srcPort'));
  readers.forEach((read, n) => {
    expect(read(0)).toBeUndefined();
    for (let row = 1; row < rows; row += 111) expect(read(row)).toBe(portOf(n, row));
  });
});
