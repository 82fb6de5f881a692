// The words of option -s -> the fields to print. Neighbours: the command line above, the printers below.
import { PanoptesError } from '../errors.js';
import { fieldNames, fields, findField } from '../record/fields.js';
import { suggest } from '../record/suggest.js';
import type { FieldSelection } from './row-printer.js';

/** argus's default columns, in its order: tables, and csv too. */
export const defaultColumns: readonly string[] = [
  'stime',
  'flgs',
  'proto',
  'saddr',
  'sport',
  'dir',
  'daddr',
  'dport',
  'pkts',
  'bytes',
  'state',
];

/** All that JSON prints unless -s says otherwise: every field but those that must be asked for. */
export const defaultJsonFields: readonly string[] = [...fields.values()]
  .filter((field) => !field.onRequest)
  .map((field) => field.name);

const largestWidth = 4096;

interface Word {
  /** '': the field alone; '+': into the defaults; '-': out of them. */
  readonly sign: '' | '+' | '-';
  /** Column to insert at, counted from 1. */
  readonly position: number | undefined;
  readonly selection: FieldSelection;
}

/**
 * As ra: `name`, `name:width`, `+name` and `+2name` insert into the defaults (at the end, as second column), `-name`
 * removes. The defaults are there unless the first word has no sign. Throws PanoptesError('bad-option').
 */
export function selectFields(spec: readonly string[], defaults: readonly string[]): FieldSelection[] {
  const words = spec
    .flatMap((text) => text.split(/[\s,]+/))
    .filter((text) => text !== '')
    .map(parseWord);
  const chosen =
    words.length === 0 || words[0]?.sign !== '' ? defaults.map((name) => parseWord(name).selection) : [];
  for (const { sign, position, selection } of words) {
    if (sign === '-') {
      const at = chosen.findIndex((other) => other.field === selection.field);
      if (at >= 0) chosen.splice(at, 1);
    } else if (position !== undefined) {
      chosen.splice(Math.max(0, position - 1), 0, selection);
    } else chosen.push(selection);
  }
  if (chosen.length === 0) throw new PanoptesError('bad-option', 'no fields are left to print');
  return chosen;
}

function parseWord(text: string): Word {
  const match = /^([+-]?)(\d*)([^:]*)(?::(.*))?$/.exec(text);
  const [, sign = '', digits = '', name = '', widthText] = match ?? [];
  const field = findField(name);
  if (!field || (digits !== '' && sign !== '+')) throw unknownField(digits + name);
  return {
    sign: sign as Word['sign'],
    position: digits === '' ? undefined : Number(digits),
    selection:
      widthText === undefined
        ? { field, width: field.width, cut: field.cut }
        : { field, width: parseWidth(widthText, text), cut: true },
  };
}

function parseWidth(text: string, word: string): number {
  const width = /^\d+$/.test(text) ? Number(text) : 0;
  if (width >= 1 && width <= largestWidth) return width;
  throw new PanoptesError(
    'bad-option',
    `bad width '${text}' in field '${word}'`,
    `a width is a whole number from 1 to ${largestWidth}`,
  );
}

function unknownField(name: string): PanoptesError {
  const near = suggest(name, fieldNames);
  return new PanoptesError(
    'bad-option',
    `unknown field '${name}'${near ? `, did you mean '${near}'?` : ''}`,
    "'panoptes fields' lists all fields",
  );
}
