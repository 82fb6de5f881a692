import { matchRows } from '../../../src/filter/compile.js';
import { parseFilter } from '../../../src/filter/parser.js';
import { makeBatch, type Row } from './batches.js';

/** Which of the named rows a filter selects. */
export function selected<Name extends string>(rows: Record<Name, Row>, text: string): Name[] {
  const names = Object.keys(rows) as Name[];
  const batch = makeBatch(names.map((name) => rows[name]));
  return [...matchRows(parseFilter(text), batch)].map((row) => names[row] as Name);
}
