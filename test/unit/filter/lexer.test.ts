import { describe, expect, it } from 'vitest';
import { tokenize } from '../../../src/filter/lexer.js';

const shapes = (text: string) => tokenize(text).map(({ kind, text, at }) => [kind, text, at]);

describe('tokenize', () => {
  it('gives every token its 1-based column', () => {
    expect(shapes('tcp  port 80')).toEqual([
      ['word', 'tcp', 1],
      ['word', 'port', 6],
      ['word', '80', 11],
      ['end', '', 13],
    ]);
  });

  it('needs no blanks around signs', () => {
    expect(shapes('(spkts>=3)&&!udp||a!=b')).toEqual([
      ['(', '(', 1],
      ['word', 'spkts', 2],
      ['comparator', '>=', 7],
      ['word', '3', 9],
      [')', ')', 10],
      ['and', '&&', 11],
      ['not', '!', 13],
      ['word', 'udp', 14],
      ['or', '||', 17],
      ['word', 'a', 19],
      ['comparator', '!=', 20],
      ['word', 'b', 22],
      ['end', '', 23],
    ]);
  });

  it('keeps addresses, prefixes, ranges and numbers whole', () => {
    for (const word of [
      '10.0.0.0/8',
      '2001:db8::1/32',
      '00:11:22:aa:bb:cc',
      '80-90',
      '-0.5',
      '1e-3',
      '10ms',
      '@list',
    ]) {
      expect(shapes(word)[0]).toEqual(['word', word, 1]);
    }
  });

  it('takes connectives in any case', () => {
    expect(shapes('tcp AND Not udp').map(([kind]) => kind)).toEqual(['word', 'and', 'not', 'word', 'end']);
  });

  it('puts the end behind the last character and not behind blanks', () => {
    expect(shapes('tcp   ').at(-1)).toEqual(['end', '', 4]);
    expect(shapes('   ')).toEqual([['end', '', 1]]);
  });

  it('names a character that no filter has, and its column', () => {
    expect(() => tokenize('tcp & udp')).toThrow("unexpected character '&' at 5");
    expect(() => tokenize('port "80"')).toThrow("unexpected character '\"' at 6");
    expect(() => tokenize('tcp 😀')).toThrow("unexpected character '😀' at 5");
  });
});
