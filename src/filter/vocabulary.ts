// All words that a filter can hold, and the errors about them. For the files of the parser.
import { PanoptesError } from '../errors.js';
import { findField } from '../record/fields.js';
import { suggest } from '../record/suggest.js';
import type { Token } from './lexer.js';
import { operandNames } from './operands.js';
import {
  addressWords,
  castByWord,
  classByWord,
  comparatorByWord,
  encapsWords,
  leadingWords,
  protocolWords,
  sideStateByWord,
  stateByWord,
  tunnelWords,
  typeByWord,
  unansweredWords,
} from './words.js';

/** Message, place and hint: `a port is missing at 5`. */
export function failAt(token: Token, message: string, hint?: string): PanoptesError {
  return new PanoptesError('bad-filter', `${message} at ${token.at}`, hint);
}

export function isKnown(word: string): boolean {
  const lower = word.toLowerCase();
  return vocabulary().has(lower) || findField(lower) !== undefined;
}

export function unknownWord(token: Token): PanoptesError {
  const { text, at } = token;
  if (unansweredWords.has(text.toLowerCase())) return failAt(token, `'${text}' is not in the records yet`);
  const near = suggest(text.toLowerCase(), vocabulary());
  const tail = near === undefined ? '' : `, did you mean '${near}'?`;
  return new PanoptesError('bad-filter', `unknown word '${text}' at ${at}${tail}`);
}

let words: ReadonlySet<string> | undefined;

/** Every word but ids and values. */
function vocabulary(): ReadonlySet<string> {
  words ??= new Set([
    ...leadingWords,
    ...typeByWord.keys(),
    ...protocolWords.keys(),
    ...classByWord.keys(),
    ...sideStateByWord.keys(),
    ...stateByWord.keys(),
    ...castByWord.keys(),
    ...tunnelWords.keys(),
    ...encapsWords,
    ...addressWords.keys(),
    ...comparatorByWord.keys(),
    ...operandNames(),
  ]);
  return words;
}
