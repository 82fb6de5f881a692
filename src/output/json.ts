// Records as JSON lines: one object a record, argus's field names, missing values left out. Neighbours: select-fields.ts
// says which fields, the command line writes the lines.
import type { Field } from '../record/field.js';
import type { FlowBatch } from '../record/flow-batch.js';
import { BatchCells, type Cell } from './batch-cells.js';
import type { PrintOptions, RowPrinter } from './row-printer.js';
import { printShortest, printTime, printUnixTime } from './text.js';

export function jsonPrinter(options: PrintOptions): RowPrinter {
  // A name twice would be an object that no two programs read alike.
  const selected = [...new Set(options.fields.map(({ field }) => field))];
  const members = new BatchCells(selected.map((field) => (batch) => readMember(field, batch, options)));
  return {
    header: () => '',
    row: (batch, row) => {
      let line = '';
      for (const member of members.of(batch)) line += member(row);
      return `{${line.slice(0, -1)}}\n`;
    },
  };
}

// Each member ends in a comma; the printer takes the last one away.
function readMember(field: Field, batch: FlowBatch, options: PrintOptions): Cell {
  const name = `${JSON.stringify(field.name)}:`;
  const { precision, unix } = options;
  if (field.readTime) {
    const time = field.readTime(batch);
    return (row) => {
      const value = time(row);
      if (!value) return '';
      return unix ? `${name}${printUnixTime(value, precision)},` : `${name}"${printTime(value, precision)}",`;
    };
  }
  if (field.readList) {
    const list = field.readList(batch);
    return (row) => {
      const value = list(row);
      return value ? `${name}[${value.join(',')}],` : '';
    };
  }
  const read = field.read(batch);
  return (row) => {
    const value = read(row);
    if (value === undefined) return '';
    if (typeof value === 'string') return `${name}${JSON.stringify(value)},`;
    return Number.isFinite(value) ? `${name}${printShortest(value, precision)},` : '';
  };
}
