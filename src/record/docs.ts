// docs/fields.md out of the field table, so that they cannot differ. Neighbour: the docs script writes it, a test compares.
import type { Field } from './field.js';
import { fieldGroups, sides } from './fields.js';

const preamble = `# Fields

<!-- Made by \`npm run docs\` from the field table in src/record; do not edit. -->

These are the names that \`-s\`, JSON, csv, filters and sorting know. Names are argus's where argus has one; fields of one
direction begin with \`s\` (src, who opened the flow) or \`d\` (dst, the other end). \`panoptes fields NAME\` shows an entry.

A value that does not exist is missing: left out in JSON, empty in csv, blank in a table, and a comparison with it is
neither true nor false. It is never 0 and never -1.

Times are RFC 3339 in UTC with microseconds in every format (\`2026-11-24T13:55:27.123456Z\`), with \`-u\` seconds since
1970; \`-p\` sets the digits, up to nanoseconds. Durations are in seconds, gaps and jitter in milliseconds. Bytes are
frames as on the wire without FCS. Rates divide by the duration of the record, for both sides alike, and are missing
where that is 0, so that \`rate = srate + drate\` and \`load = sload + dload\`.

In filters \`bytes gt 1000\` is true if either side is above 1000, \`src bytes\` and \`dst bytes\` ask for one, \`total bytes\`
for the sum. JSON prints all fields but those marked *on request*.
`;

/** The whole page. */
export function fieldsMarkdown(): string {
  const groups = fieldGroups.map(({ title, fields }) => {
    const rows = fields.map((field) => `| ${rowOf(field).map(escapeCell).join(' | ')} |`);
    const head = ['| name | heading | width | unit | says | missing |', '|---|---|---|---|---|---|'];
    return [`## ${title}`, '', ...head, ...rows].join('\n');
  });
  return `${[preamble.trimEnd(), ...groups, filterWords()].join('\n\n')}\n`;
}

function rowOf(field: Field): string[] {
  const names = [field.name, ...field.aliases].map((name) => `\`${name}\``).join(', ');
  const marked = field.onRequest ? `${field.about} (*on request*)` : field.about;
  const about = field.more ? `${marked} ([more](metrics.md#${field.more}))` : marked;
  return [names, field.label, String(field.width), unitOf(field), about, field.missing];
}

function unitOf(field: Field): string {
  if (field.type === 'time') return 'time';
  if (field.type === 'text') return 'text';
  return field.unit === 'none' ? '' : field.unit;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function filterWords(): string {
  const words = fieldGroups
    .flatMap(({ fields }) => fields)
    .map((field) => field.name.slice(1))
    .filter((word, index, all) => sides(word) && all.indexOf(word) === index);
  return `## Words for either side

${words.map((word) => `\`${word}\``).join(', ')}`;
}
