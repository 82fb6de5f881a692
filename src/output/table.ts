// Records as a table for people: argus's columns, or cells with a character between them (-c). Neighbours: select-fields.ts
// says which columns, the command line writes the lines.
import type { Field } from '../record/field.js';
import type { FlowBatch } from '../record/flow-batch.js';
import { BatchCells, type Cell } from './batch-cells.js';
import { quoteCsv } from './csv.js';
import type { FieldSelection, PrintOptions, RowPrinter } from './row-printer.js';
import { fitText, printAbbreviated, printTime, printUnixTime, timeWidth } from './text.js';

/**
 * A table. Numbers, times and addresses are never cut: a cell grows instead, and that line is out of step. Text with
 * an explicit width is cut, and ends in `*`. Missing values are blank.
 */
export function tablePrinter(options: PrintOptions): RowPrinter {
  const { delimiter } = options;
  const shapes = options.fields.map((selection) => shapeOf(selection, options));
  const cells = new BatchCells(
    shapes.map(({ field, cut, width }) => {
      const text = (batch: FlowBatch) => readText(field, batch, options);
      if (delimiter !== undefined) return (batch) => quoted(text(batch), field, delimiter);
      return (batch) => fitted(text(batch), width, field, cut);
    }),
  );
  const line = (texts: readonly string[]): string =>
    delimiter === undefined ? `${texts.join(' ').trimEnd()}\n` : `${texts.join(delimiter)}\n`;
  return {
    header: () =>
      line(
        shapes.map(({ field, width }) =>
          delimiter === undefined ? fitText(field.label, width, field.align, false) : field.label,
        ),
      ),
    row: (batch, row) => line(cells.of(batch).map((cell) => cell(row))),
  };
}

function shapeOf({ field, width, cut }: FieldSelection, options: PrintOptions) {
  // The default width of a time is that of its default form.
  const own =
    field.type === 'time' && width === field.width ? timeWidth(options.unix, options.precision) : width;
  return { field, width: own, cut: (cut ?? false) && field.type === 'text' };
}

function fitted(read: Cell, width: number, field: Field, cut: boolean): Cell {
  return (row) => fitText(read(row), width, field.align, cut);
}

// Blanks that only align an arrow go; those in front of a flag letter tell its position.
function quoted(read: Cell, field: Field, delimiter: string): Cell {
  return (row) => {
    const text = read(row);
    return quoteCsv(field.align === 'right' ? text.trim() : text, delimiter);
  };
}

function readText(field: Field, batch: FlowBatch, options: PrintOptions): Cell {
  const { precision } = options;
  if (field.readTime) {
    const time = field.readTime(batch);
    const print = options.unix ? printUnixTime : printTime;
    return (row) => {
      const value = time(row);
      return value ? print(value, precision) : '';
    };
  }
  if (field.readTable) {
    const text = field.readTable(batch, options.numeric);
    return (row) => text(row) ?? '';
  }
  const read = field.read(batch);
  const isAmount = field.unit !== 'none';
  return (row) => {
    const value = read(row);
    if (value === undefined) return '';
    if (typeof value === 'string') return value;
    if (options.abbreviate && isAmount && Math.abs(value) >= 1000) return printAbbreviated(value);
    return field.fractional ? value.toFixed(precision) : value.toString();
  };
}
