// The part of the parser for comparisons and `has`: names of fields, comparators, values.
import { findField } from '../record/fields.js';
import type { Comparator, Filter, Operand, Sides } from './ast.js';
import type { Cursor } from './cursor.js';
import type { Token } from './lexer.js';
import { findOperand, hasTotal, operandFields } from './operands.js';
import { parseValue } from './units.js';
import { failAt, isKnown, unknownWord } from './vocabulary.js';
import { comparatorByWord } from './words.js';

/** Behind the word `has`. */
export function parseHas(cursor: Cursor): Filter {
  const word = cursor.word();
  if (word === '')
    throw failAt(cursor.peek(), "'has' needs the name of a field behind it", 'as in: has tcprtt');
  if (word !== 'src' && word !== 'dst') return { kind: 'has', what: operandOf(cursor.take(), 'either') };
  cursor.skip();
  const sides = cursor.takeSides(word);
  return { kind: 'has', what: operandOf(cursor.take(), sides) };
}

/** Behind the word `total`. */
export function parseTotal(cursor: Cursor): Filter {
  if (cursor.word() === '') {
    throw failAt(cursor.peek(), "'total' needs a name behind it", 'as in: total bytes gt 1M');
  }
  return parseComparison(cursor, cursor.take(), 'total');
}

/** Behind `name`, which `sides` stands before. */
export function parseComparison(cursor: Cursor, name: Token, sides: Sides | 'total'): Filter {
  const what = operandOf(name, sides);
  const field = operandFields(what)[0];
  if (field?.type !== 'number') {
    const hint = field?.type === 'time' ? 'option -t selects by time' : undefined;
    throw failAt(name, `'${name.text}' is no number and cannot be compared`, hint);
  }
  const comparator = takeComparator(cursor);
  const value = cursor.take();
  if (value.kind !== 'word') throw failAt(value, `a number is missing behind '${name.text}'`);
  const parsed = parseValue(value.text, field.unit);
  if ('value' in parsed) return { kind: 'compare', what, comparator, value: parsed.value };
  if (parsed.problem === 'no-number') throw failAt(value, `'${value.text}' is no number`);
  const message = `'${value.text}' has a unit that '${name.text}' does not have`;
  throw failAt(value, message, `one of: ${parsed.units}`);
}

/** Passes over the `=` that may stand before the only value that a word takes. */
export function skipEquals(cursor: Cursor): void {
  if (comparatorAhead(cursor) === 'eq') cursor.skip();
}

export function isComparatorAhead(cursor: Cursor): boolean {
  return comparatorAhead(cursor) !== undefined;
}

function comparatorAhead(cursor: Cursor): Comparator | undefined {
  const { kind, text } = cursor.peek();
  return kind === 'comparator' || kind === 'word' ? comparatorByWord.get(text.toLowerCase()) : undefined;
}

/** The comparator ahead; none means `eq`, as in argus. */
function takeComparator(cursor: Cursor): Comparator {
  const comparator = comparatorAhead(cursor);
  if (comparator) cursor.skip();
  return comparator ?? 'eq';
}

function operandOf(token: Token, sides: Sides | 'total'): Operand {
  const name = token.text.toLowerCase();
  const operand = findOperand(name, sides);
  if (operand && sides === 'total' && !hasTotal(name)) throw failAt(token, `there is no total of '${name}'`);
  if (operand) return operand;
  if (sides !== 'either' && findField(name)) throw failAt(token, `'${name}' takes no '${sides}' before it`);
  if (isKnown(name)) throw failAt(token, `'${token.text}' is no field`, "'panoptes fields' lists them");
  if (token.kind !== 'word') throw failAt(token, 'the name of a field is missing');
  throw unknownWord(token);
}
