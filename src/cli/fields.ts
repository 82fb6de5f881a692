// `panoptes fields`: the field table as a person reads it.
import { Command } from 'commander';
import { PanoptesError } from '../errors.js';
import type { Field } from '../record/field.js';
import { fieldGroups, fieldNames, findField, sides } from '../record/fields.js';
import { suggest } from '../record/suggest.js';
import { printAll } from './shared/print-all.js';

export function fieldsCommand(): Command {
  return new Command('fields')
    .description('list the fields of a record, or say all about some of them')
    .argument('[name...]', 'fields to explain')
    .action(async (names: string[]) => {
      const text = names.length === 0 ? fieldList() : names.map((name) => fieldEntry(name)).join('\n');
      process.exitCode = await printAll('fields', text);
    });
}

/** Every field in a line: name, unit, heading, meaning. */
export function fieldList(): string {
  const all = fieldGroups.flatMap(({ fields }) => fields);
  const widths = [nameOf, unitOf, labelOf].map((column) =>
    Math.max(...all.map((field) => column(field).length)),
  );
  const line = (field: Field) =>
    `${[nameOf, unitOf, labelOf].map((column, i) => column(field).padEnd(widths[i] ?? 0)).join('  ')}  ${field.about}\n`;
  return fieldGroups.map(({ title, fields }) => `${title}\n${fields.map(line).join('')}`).join('\n');
}

const nameOf = (field: Field) => field.name;
const labelOf = (field: Field) => field.label;
const unitOf = (field: Field) =>
  field.unit === 'none' ? (field.type === 'number' ? '' : field.type) : field.unit;

/** All that the table says of one field. Throws 'bad-option' if there is none of that name. */
export function fieldEntry(name: string): string {
  const field = findField(name);
  if (!field) {
    const near = suggest(name, fieldNames);
    const tail = near ? `, did you mean '${near}'?` : '';
    throw new PanoptesError('bad-option', `unknown field '${name}'${tail}`, "'panoptes fields' lists them");
  }
  const entries: [string, string][] = [
    ['name', [field.name, ...field.aliases].join(', ')],
    ['about', field.about],
    ['unit', unitOf(field) || 'none'],
    ['missing', field.missing],
    ['heading', `${field.label}, ${field.width} wide`],
    ['filter', filterUse(field)],
  ];
  if (field.more) entries.push(['more', `docs/metrics.md#${field.more}`]);
  return entries.map(([key, value]) => `${key.padEnd(8)} ${value}\n`).join('');
}

/** How filters speak of the field. */
function filterUse(field: Field): string {
  if (field.type === 'time') return `has ${field.name}; option -t selects by time`;
  if (field.type === 'text') return `has ${field.name}`;
  const bare = field.name.slice(1);
  if (sides(field.name))
    return `total ${field.name} gt 1; '${field.name} gt 1' is true if either side is above 1`;
  return sides(bare)
    ? `${field.name} gt 1, or ${field.name.startsWith('s') ? 'src' : 'dst'} ${bare} gt 1`
    : `${field.name} gt 1`;
}
