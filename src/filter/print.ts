// Syntax tree -> filter text that parses to the same tree: for messages, and to send a filter to a server.
import { printAddress } from '../record/address.js';
import { tunnelName } from '../record/tunnel-names.js';
import type { Comparator, Filter, FilterOf, Operand, Sides } from './ast.js';
import { addressWords, protocolWords } from './words.js';

const signs: Record<Comparator, string> = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' };
const sideText: Record<Sides, string> = { src: 'src ', dst: 'dst ', either: '', both: 'src and dst ' };
const wordOfColumn = new Map([...addressWords].map(([word, column]) => [column, word]));
const wordOfProtocol = new Map([...protocolWords].map(([word, number]) => [number, word]));

export function filterText(filter: Filter): string {
  switch (filter.kind) {
    case 'all':
      return '';
    case 'and':
    case 'or':
      // Left to right without precedence: only the right side needs parentheses.
      return `${filterText(filter.left)} ${filter.kind} ${bracketed(filter.right)}`;
    case 'not':
      return `not ${bracketed(filter.of)}`;
    case 'protocol':
      return wordOfProtocol.get(filter.number) ?? `proto ${filter.number}`;
    case 'class':
    case 'state':
      return filter.word;
    case 'ethertype':
      return `ether proto 0x${filter.number.toString(16)}`;
    case 'host':
      return `${sideText[filter.sides]}host ${printAddress(Uint8Array.from(filter.address))}`;
    case 'ether-host':
      return etherHostText(filter);
    case 'net':
      return netText(filter);
    case 'port':
      return `${sideText[filter.sides]}port ${filter.low}${filter.high === filter.low ? '' : `-${filter.high}`}`;
    case 'vlan':
      return `vlan ${filter.id}`;
    case 'tunnel':
      return `encaps ${tunnelName(filter.type)}`;
    case 'address':
      return `${wordOfColumn.get(filter.column)} ${networkText(filter.address, filter.mask)}`;
    case 'cast':
      return `${filter.layer === 'any' ? '' : `${filter.layer} `}${filter.cast}`;
    case 'side-state':
      return `${sideText[filter.sides]}${filter.word}`;
    case 'compare':
      return `${operandText(filter.what)} ${signs[filter.comparator]} ${filter.value}`;
    case 'has':
      return `has ${operandText(filter.what)}`;
  }
}

function bracketed(filter: Filter): string {
  const text = filterText(filter);
  return filter.kind === 'and' || filter.kind === 'or' ? `(${text})` : text;
}

function etherHostText({ sides, address }: FilterOf<'ether-host'>): string {
  return `ether ${sides === 'either' ? 'host' : sideText[sides].trimEnd()} ${printAddress(Uint8Array.from(address))}`;
}

function netText({ sides, address, mask }: FilterOf<'net'>): string {
  return `${sideText[sides]}net ${networkText(address, mask)}`;
}

function networkText(address: readonly number[], mask: readonly number[]): string {
  const bits = prefixLength(mask);
  const tail = bits === undefined ? ` mask ${printAddress(Uint8Array.from(mask))}` : `/${bits}`;
  return printAddress(Uint8Array.from(address)) + tail;
}

/** Length of a mask that is a prefix; masks with holes have none. */
function prefixLength(mask: readonly number[]): number | undefined {
  const bits = mask.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const ones = bits.indexOf('0') < 0 ? bits.length : bits.indexOf('0');
  return bits.includes('1', ones) ? undefined : ones;
}

function operandText({ of, name }: Operand): string {
  if (of === 'total') return `total ${name}`;
  return of === 'both' ? `src and dst ${name}` : name;
}
