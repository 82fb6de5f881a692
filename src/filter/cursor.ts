// A place in the tokens of a filter, with what every part of the parser asks of it. Between lexer.ts and parser.ts.
import type { Sides } from './ast.js';
import type { Token } from './lexer.js';

export class Cursor {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token ahead, or one further on; behind the last there is only the end. */
  peek(offset = 0): Token {
    return this.#tokens[Math.min(this.#next + offset, this.#tokens.length - 1)] as Token;
  }

  /** The word ahead in lower case; '' if it is no word. */
  word(offset = 0): string {
    const token = this.peek(offset);
    return token.kind === 'word' ? token.text.toLowerCase() : '';
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  skip(count = 1): void {
    this.#next += count;
  }

  /** `src`, `dst`, `src or dst`, `src and dst`, of which `first` is taken already. */
  takeSides(first: 'src' | 'dst'): Sides {
    const { kind } = this.peek();
    if (kind !== 'or' && kind !== 'and') return first;
    if (this.word(1) !== (first === 'src' ? 'dst' : 'src')) return first;
    this.skip(2);
    return kind === 'or' ? 'either' : 'both';
  }
}
