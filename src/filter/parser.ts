// Filter text -> syntax tree, by recursive descent over the tokens of lexer.ts. The grammar is argus's: `and` and
// `or` bind equally and go left to right, `not` binds tighter, a bare id takes the qualifiers of the term before it.
import { PanoptesError } from '../errors.js';
import type { Filter, Sides } from './ast.js';
import { isComparatorAhead, parseComparison, parseHas, parseTotal, skipEquals } from './comparison.js';
import { Cursor } from './cursor.js';
import { encapsNode, idNode, looksLikeId, looksLikeNet, otherAddressNode } from './ids.js';
import { type Token, tokenize } from './lexer.js';
import { findOperand } from './operands.js';
import { looksNumeric } from './units.js';
import { failAt, isKnown, unknownWord } from './vocabulary.js';
import {
  addressWords,
  castByWord,
  classByWord,
  encapsWords,
  type IdType,
  protocolWords,
  sideStateByWord,
  stateByWord,
  tunnelWords,
  typeByWord,
} from './words.js';

/** Filters come from remote clients too, so each of their sizes has a limit. */
export const limits = { characters: 65_536, terms: 2_000, nesting: 100 } as const;

/** Parses a filter; empty text selects everything. Throws 'bad-filter' with a 1-based position. */
export function parseFilter(text: string): Filter {
  if (text.length > limits.characters) {
    throw new PanoptesError('bad-filter', `a filter has at most ${limits.characters} characters`);
  }
  return new Parser(tokenize(text)).parse();
}

/** What the words before an id said; a bare id takes it over from the term before. */
interface Qualifiers {
  readonly protocol: Filter | undefined;
  readonly sides: Sides;
  readonly type: IdType;
}

class Parser {
  readonly #cursor: Cursor;
  #terms = 0;
  #depth = 0;
  #last: Qualifiers = { protocol: undefined, sides: 'either', type: 'host' };

  constructor(tokens: Token[]) {
    this.#cursor = new Cursor(tokens);
  }

  parse(): Filter {
    if (this.#cursor.peek().kind === 'end') return { kind: 'all' };
    const filter = this.#expression();
    const token = this.#cursor.peek();
    if (token.kind === 'end') return filter;
    throw this.#behindTerm(token);
  }

  // term { (and | or) term }
  #expression(): Filter {
    let left = this.#term();
    for (;;) {
      const { kind } = this.#cursor.peek();
      if (kind !== 'and' && kind !== 'or') return left;
      this.#cursor.skip();
      left = { kind, left, right: this.#term() };
    }
  }

  // not term | ( expression ) | primitive
  #term(): Filter {
    if (++this.#terms > limits.terms)
      throw failAt(this.#cursor.peek(), `a filter has at most ${limits.terms} terms`);
    if (++this.#depth > limits.nesting) throw failAt(this.#cursor.peek(), 'the filter is nested too deeply');
    const token = this.#cursor.take();
    const filter = this.#termAt(token);
    this.#depth--;
    return filter;
  }

  #termAt(token: Token): Filter {
    switch (token.kind) {
      case 'not':
        return { kind: 'not', of: this.#term() };
      case '(': {
        const inner = this.#expression();
        const close = this.#cursor.take();
        if (close.kind === ')') return inner;
        if (close.kind === 'end') throw failAt(token, "'(' is not closed");
        throw this.#behindTerm(close);
      }
      case 'word':
        return this.#primitive(token);
      case 'end':
        throw failAt(token, 'the filter ends where a term is missing');
      default:
        throw failAt(token, `a term is missing before '${token.text}'`);
    }
  }

  #primitive(token: Token): Filter {
    const word = token.text.toLowerCase();
    if (word === 'has') return parseHas(this.#cursor);
    if (word === 'total') return parseTotal(this.#cursor);
    if (word === 'ether') return this.#ether(token);
    if (word === 'src' || word === 'dst') return this.#sided(this.#cursor.takeSides(word), undefined);
    if (encapsWords.has(word)) return encapsNode(this.#value(token, 'the name of a tunnel', 'encaps vxlan'));
    const column = addressWords.get(word);
    if (column) return otherAddressNode(column, this.#value(token, 'an address', 'inode 10.0.0.1'));
    // `synack` is a state and a field: what stands behind it decides
    if (isComparatorAhead(this.#cursor)) return parseComparison(this.#cursor, token, 'either');

    const leading = this.#leading(word);
    if (leading) return leading;
    const state = sideStateByWord.get(word);
    if (state) return { kind: 'side-state', sides: 'either', word: state };
    const whole = stateByWord.get(word);
    if (whole) return { kind: 'state', word: whole };
    const cast = castByWord.get(word);
    if (cast) return { kind: 'cast', layer: 'any', cast };
    const tunnel = tunnelWords.get(word);
    if (tunnel !== undefined) return { kind: 'tunnel', type: tunnel };
    const type = typeByWord.get(word);
    if (type) return this.#id({ protocol: undefined, sides: 'either', type });
    return this.#bareWord(token, this.#last);
  }

  /** The one value behind `word`. */
  #value(word: Token, what: string, example: string): Token {
    skipEquals(this.#cursor);
    const token = this.#cursor.take();
    if (token.kind === 'word') return token;
    throw failAt(token, `'${word.text}' needs ${what} behind it`, `as in: ${example}`);
  }

  /** A protocol: alone a term, before a side or type a qualifier. */
  #leading(word: string): Filter | undefined {
    const number = protocolWords.get(word) ?? (word === 'icmpv6' ? 58 : undefined);
    const name = classByWord.get(word);
    const protocol: Filter | undefined =
      number !== undefined ? { kind: 'protocol', number } : name && { kind: 'class', word: name };
    if (!protocol) return undefined;
    const next = this.#cursor.word();
    if (word === 'vlan' && /^\d/.test(next)) return this.#vlan();
    if (word === 'ip') {
      const cast = castByWord.get(next);
      if (cast) {
        this.#cursor.skip();
        return { kind: 'cast', layer: 'ip', cast };
      }
    }
    if (next === 'src' || next === 'dst') {
      this.#cursor.skip();
      return this.#sided(this.#cursor.takeSides(next), protocol);
    }
    const type = typeByWord.get(next);
    if (!type) return protocol;
    this.#cursor.skip();
    return this.#id({ protocol, sides: 'either', type });
  }

  #vlan(): Filter {
    const token = this.#cursor.take();
    const id = Number(token.text);
    if (!(Number.isInteger(id) && id <= 4095))
      throw failAt(token, `'${token.text}' is no VLAN id`, 'VLAN ids are 0 to 4095');
    return { kind: 'vlan', id };
  }

  /** What can follow a side: a type and an id, a state, a comparison, an id. */
  #sided(sides: Sides, protocol: Filter | undefined): Filter {
    const token = this.#cursor.take();
    if (token.kind !== 'word')
      throw failAt(token, `'${sides}' needs a word behind it`, 'as in: src host 10.0.0.1');
    const word = token.text.toLowerCase();
    if (isComparatorAhead(this.#cursor)) return within(protocol, parseComparison(this.#cursor, token, sides));
    const named = typeByWord.get(word);
    if (named) return this.#id({ protocol, sides, type: named });
    const state = sideStateByWord.get(word);
    if (state) return within(protocol, { kind: 'side-state', sides, word: state });
    const last = this.#last;
    const type = last.type === 'proto' || last.type === 'ethertype' ? 'host' : last.type;
    return this.#bareWord(token, { protocol: protocol ?? last.protocol, sides, type }, protocol);
  }

  #ether(ether: Token): Filter {
    const token = this.#cursor.take();
    const word = token.text.toLowerCase();
    const cast = castByWord.get(word);
    if (cast) return { kind: 'cast', layer: 'ether', cast };
    if (word === 'proto') return this.#id({ protocol: undefined, sides: 'either', type: 'ethertype' });
    if (word === 'host') return this.#id({ protocol: undefined, sides: 'either', type: 'ether-host' });
    if (word === 'src' || word === 'dst') {
      const sides = this.#cursor.takeSides(word);
      if (this.#cursor.word() === 'host') this.#cursor.skip();
      return this.#id({ protocol: undefined, sides, type: 'ether-host' });
    }
    throw failAt(ether, "'ether' needs host, src, dst, proto, multicast or broadcast behind it");
  }

  /** The id behind a type. */
  #id(qualifiers: Qualifiers): Filter {
    const token = this.#cursor.take();
    if (token.kind !== 'word') {
      const what = token.kind === 'end' ? 'the filter ends' : `'${token.text}' stands`;
      throw failAt(token, `${what} where ${idWords[qualifiers.type]} is missing`);
    }
    if (token.text === 'in')
      throw failAt(token, "'in' is not understood yet", 'lists of addresses are not read yet');
    return this.#finishId(token, qualifiers);
  }

  #finishId(token: Token, qualifiers: Qualifiers): Filter {
    let mask: Token | undefined;
    if (qualifiers.type === 'net' && this.#cursor.word() === 'mask') {
      this.#cursor.skip();
      mask = this.#cursor.take();
    }
    const node = idNode(qualifiers.type, qualifiers.sides, token, mask);
    this.#last = qualifiers;
    return within(qualifiers.protocol, node);
  }

  /** A word that no table knows in its place: an id with inherited qualifiers, a comparison with `eq` left out, or an error. */
  #bareWord(token: Token, qualifiers: Qualifiers, protocol?: Filter): Filter {
    const { text } = token;
    if (looksNumeric(this.#cursor.peek().text) && findOperand(text.toLowerCase(), qualifiers.sides)) {
      return within(protocol, parseComparison(this.#cursor, token, qualifiers.sides));
    }
    const type = qualifiers.type === 'host' && looksLikeNet(text) ? 'net' : qualifiers.type;
    if (looksLikeId(type, text)) return this.#finishId(token, { ...qualifiers, type });
    if (isKnown(text)) {
      const field = findOperand(text.toLowerCase(), 'either');
      if (field)
        throw failAt(token, `'${text}' needs a comparison behind it`, `as in: ${text} gt 0, or: has ${text}`);
      throw failAt(token, `'${text}' cannot stand here`);
    }
    throw unknownWord(token);
  }

  /** The error for a token where only `and`, `or`, `)` or the end can stand. */
  #behindTerm(token: Token): PanoptesError {
    if (token.kind === ')') return failAt(token, "')' without '('");
    if (token.kind === 'word' && !isKnown(token.text) && !/^\d/.test(token.text)) return unknownWord(token);
    return failAt(token, `'and' or 'or' is missing before '${token.text}'`);
  }
}

const idWords: Record<IdType, string> = {
  host: 'an address',
  'ether-host': 'a MAC address',
  net: 'a network',
  port: 'a port',
  proto: 'a protocol',
  ethertype: 'an ethernet type',
};

function within(protocol: Filter | undefined, node: Filter): Filter {
  return protocol ? { kind: 'and', left: protocol, right: node } : node;
}
