// Binds a list of cell makers to each batch once, however many rows are printed. Neighbours: the printers.
import type { FlowBatch } from '../record/flow-batch.js';

export type Cell = (row: number) => string;

/** Cells of the batch that was asked for last. */
export class BatchCells {
  readonly #makers: readonly ((batch: FlowBatch) => Cell)[];
  #batch: FlowBatch | undefined;
  #cells: readonly Cell[] = [];

  constructor(makers: readonly ((batch: FlowBatch) => Cell)[]) {
    this.#makers = makers;
  }

  of(batch: FlowBatch): readonly Cell[] {
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#cells = this.#makers.map((make) => make(batch));
    }
    return this.#cells;
  }
}
