// Command-line options -> the printer they ask for. Between client-options.ts and the printers of output/.
import { csvPrinter } from '../../output/csv.js';
import { jsonPrinter } from '../../output/json.js';
import { defaultPrecision, type PrintOptions, type RowPrinter } from '../../output/row-printer.js';
import { defaultColumns, defaultJsonFields, selectFields } from '../../output/select-fields.js';
import { statusJson, statusLine } from '../../output/status.js';
import { tablePrinter } from '../../output/table.js';
import { argusRates } from '../../record/fields/argus-rates.js';
import { payloadFields } from '../../record/fields/payload.js';
import type { ProbeStatus } from '../../wire/frames.js';
import type { ClientOptions } from './client-options.js';

const printers = { table: tablePrinter, csv: csvPrinter, json: jsonPrinter };

export interface Printing {
  readonly printer: RowPrinter;
  readonly statusText: (status: ProbeStatus) => string;
  /** Some field shows payload bytes, so servers have to send them. */
  readonly wantsPayload: boolean;
}

/** Throws 'bad-option' at an unknown field. */
export function printing(options: ClientOptions): Printing {
  const defaults = options.format === 'json' ? defaultJsonFields : defaultColumns;
  const fields = selectFields(options.fields, defaults).map((selection) => {
    const field = options.argusRates ? argusRates.get(selection.field.name) : undefined;
    return field ? { ...selection, field } : selection;
  });
  const print: PrintOptions = {
    fields,
    numeric: options.numeric,
    unix: options.unix,
    precision: options.precision ?? defaultPrecision,
    abbreviate: options.abbreviate,
    ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
  };
  const statusText = options.format === 'json' ? statusJson : statusLine;
  return {
    printer: printers[options.format](print),
    statusText: (status) => statusText(status, print),
    wantsPayload: fields.some(({ field }) => payloadFields.includes(field)),
  };
}
