// Filter text -> tokens with positions, for parser.ts.
import { PanoptesError } from '../errors.js';

export interface Token {
  readonly kind: 'word' | 'comparator' | '(' | ')' | 'and' | 'or' | 'not' | 'end';
  /** As written; '' at the end. */
  readonly text: string;
  /** 1-based column of the first character; of the end: one behind the last. */
  readonly at: number;
}

// Addresses, ranges, numbers with units, names and @file are all words; the parser tells them apart.
const pattern = /\s*(?:(&&|\|\||[<>=!]=|[<>=!()])|([\p{L}\p{N}_.:/%@+\-*]+))/uy;
const signs = new Map<string, Token['kind']>([
  ...(['(', ')'] as const).map((sign) => [sign, sign] as const),
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
]);
const connectives = new Set(['and', 'or', 'not']);

/** The tokens of `text`, the last one of kind `end`. Throws 'bad-filter' at a character no filter has. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let position = 0;
  while (position < end) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) {
      const at = position + (/\S/.exec(text.slice(position))?.index ?? 0);
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      throw new PanoptesError('bad-filter', `unexpected character '${character}' at ${at + 1}`);
    }
    position = pattern.lastIndex;
    const found = match[1] ?? match[2] ?? '';
    const at = position - found.length + 1;
    tokens.push({ kind: match[1] ? (signs.get(found) ?? 'comparator') : wordKind(found), text: found, at });
  }
  tokens.push({ kind: 'end', text: '', at: end + 1 });
  return tokens;
}

function wordKind(word: string): Token['kind'] {
  const lower = word.toLowerCase();
  return connectives.has(lower) ? (lower as 'and' | 'or' | 'not') : 'word';
}
