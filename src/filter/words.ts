// The vocabulary of the filter: which words are protocols, states and comparators, which are known but not yet
// answerable. For parser.ts and print.ts.
import { TunnelType } from '../record/columns.js';
import {
  type CastWord,
  type ClassWord,
  type Comparator,
  castWords,
  classWords,
  type OtherAddress,
  type SideStateWord,
  type StateWord,
  sideStateWords,
  stateWords,
} from './ast.js';

/** Words for one IP protocol number. `icmp` is not here: it means 1 and 58. */
export const protocolWords = new Map([
  ['tcp', 6],
  ['udp', 17],
  ['icmp6', 58],
  ['igmp', 2],
  ['esp', 50],
  ['ah', 51],
  ['sctp', 132],
  ['gre', 47],
  ['ospf', 89],
]);

/** Tunnels that have a word of their own; `encaps NAME` knows all. */
export const tunnelWords = new Map<string, number>([
  ['vxlan', TunnelType.vxlan],
  ['geneve', TunnelType.geneve],
  ['gtp', TunnelType.gtp],
  ['teredo', TunnelType.teredo],
  ['nvgre', TunnelType.nvgre],
  ['erspan', TunnelType.erspan],
  ['pptp', TunnelType.pptp],
]);

/** Words that the name of a tunnel follows: argus's, and the name of the field. */
export const encapsWords: ReadonlySet<string> = new Set(['encaps', 'tun']);

/** Words that an address or a network follows, which is that of no end. */
export const addressWords = new Map<string, OtherAddress>([
  ['inode', 'inode'],
  ['tsaddr', 'tunnelSrc'],
  ['tdaddr', 'tunnelDst'],
]);

const own = <W extends string>(words: readonly W[]) => words.map((word) => [word, word] as const);

export const classByWord = new Map<string, ClassWord>([...own(classWords), ['ip6', 'ipv6'], ['mar', 'man']]);
export const castByWord = new Map<string, CastWord>(own(castWords));
export const sideStateByWord = new Map<string, SideStateWord>([
  ...own(sideStateWords),
  ['reset', 'rst'],
  ['psh', 'push'],
  ['urgent', 'urg'],
  ['drop', 'retrans'],
  ['ooo', 'outoforder'],
]);
export const stateByWord = new Map<string, StateWord>([
  ...own(stateWords),
  ['con', 'est'],
  ['end', 'stop'],
  ['idle', 'timeout'],
  ['shut', 'shutdown'],
]);

export const comparatorByWord = new Map<string, Comparator>([
  ['eq', 'eq'],
  ['equal', 'eq'],
  ['=', 'eq'],
  ['==', 'eq'],
  ['ne', 'ne'],
  ['neq', 'ne'],
  ['!=', 'ne'],
  ['lt', 'lt'],
  ['less', 'lt'],
  ['<', 'lt'],
  ['lte', 'lte'],
  ['<=', 'lte'],
  ['gt', 'gt'],
  ['greater', 'gt'],
  ['>', 'gt'],
  ['gte', 'gte'],
  ['>=', 'gte'],
]);

/** What an id can be told to be. */
export const typeByWord = new Map<string, IdType>([
  ['host', 'host'],
  ['net', 'net'],
  ['port', 'port'],
  ['portrange', 'port'],
  ['proto', 'proto'],
]);
export type IdType = 'host' | 'ether-host' | 'net' | 'port' | 'proto' | 'ethertype';

/** Ethernet types that `ether proto` knows by name. */
export const etherTypes = new Map([
  ['ip', 0x0800],
  ['ipv4', 0x0800],
  ['arp', 0x0806],
  ['rarp', 0x8035],
  ['ipv6', 0x86dd],
  ['ip6', 0x86dd],
]);

/** Words of argus that need what records do not carry yet: an honest error instead of "unknown word". */
export const unansweredWords = new Set([
  ...['udt', 'isis', 'srcid', 'label', 'error', 'event', 'gateway'],
  ...['tcpecho', 'rtr', 'mbr', 'lvg', 'secn', 'decn', 'nstroke'],
]);

/** Words that stand before others. */
export const leadingWords = ['src', 'dst', 'ether', 'total', 'has', 'and', 'or', 'not'];
