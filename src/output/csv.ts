// Records as csv for programs: a header of field names, values as in JSON, missing ones empty; quoted as in RFC 4180,
// lines end in a newline as everything else that is printed. Neighbours:
// select-fields.ts says which fields, the command line writes the lines.
import type { Field } from '../record/field.js';
import type { FlowBatch } from '../record/flow-batch.js';
import { BatchCells, type Cell } from './batch-cells.js';
import type { PrintOptions, RowPrinter } from './row-printer.js';
import { printShortest, printTime, printUnixTime } from './text.js';

/** Quotes what would otherwise be read as more than one cell. */
export function quoteCsv(text: string, delimiter: string): string {
  const isPlain = !text.includes(delimiter) && !/["\r\n]/.test(text);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

export function csvPrinter(options: PrintOptions): RowPrinter {
  const delimiter = options.delimiter ?? ',';
  const selected = options.fields.map(({ field }) => field);
  const cells = new BatchCells(
    selected.map((field) => (batch) => readCell(field, batch, options, delimiter)),
  );
  return {
    header: () => `${selected.map((field) => field.name).join(delimiter)}\n`,
    row: (batch, row) => {
      let line = '';
      for (const cell of cells.of(batch)) line += cell(row) + delimiter;
      return `${line.slice(0, -delimiter.length)}\n`;
    },
  };
}

function readCell(field: Field, batch: FlowBatch, options: PrintOptions, delimiter: string): Cell {
  const { precision } = options;
  if (field.readTime) {
    const time = field.readTime(batch);
    const print = options.unix ? printUnixTime : printTime;
    return (row) => {
      const value = time(row);
      return value ? print(value, precision) : '';
    };
  }
  const read = field.read(batch);
  return (row) => {
    const value = read(row);
    if (value === undefined) return '';
    return typeof value === 'number' ? printShortest(value, precision) : quoteCsv(value, delimiter);
  };
}
