// Names in comparisons -> fields of the field table. For parser.ts (which names exist) and compile.ts (which fields to read).
import type { Field } from '../record/field.js';
import { fieldNames, findField, sidedWords, sides } from '../record/fields.js';
import type { Operand, Sides } from './ast.js';

/** What `name` means behind `side` ('either': nothing stands before it), or nothing if it is no such name. */
export function findOperand(name: string, side: Sides | 'total'): Operand | undefined {
  if (side === 'src' || side === 'dst') {
    const pair = fieldPair(name);
    return pair && { of: 'field', name: pair[side === 'src' ? 0 : 1].name };
  }
  if (sides(name)) return { of: side, name };
  const field = side === 'either' ? findField(name) : undefined;
  return field && { of: 'field', name: field.name };
}

/** `src dur` and `has src user` are asked for too, where the word alone speaks of the record or is no number. */
function fieldPair(name: string): readonly [Field, Field] | undefined {
  const [src, dst] = [findField(`s${name}`), findField(`d${name}`)];
  return src && dst && [src, dst];
}

/** The fields behind an operand. Two fields: the ends. One: the record's own, or the field that holds the total. */
export function operandFields(operand: Operand): readonly Field[] {
  const field = operand.of === 'field' || operand.of === 'total' ? findField(operand.name) : undefined;
  return field ? [field] : (sides(operand.name) ?? []);
}

/** Can the two ends be added? Rates that have a field for the whole are read from it instead. */
export function hasTotal(name: string): boolean {
  const unit = sides(name)?.[0]?.unit;
  return findField(name) !== undefined || unit === 'packets' || unit === 'bytes';
}

/** Every name that can stand in a comparison, for suggestions. */
export function operandNames(): string[] {
  return [...fieldNames, ...sidedWords];
}
