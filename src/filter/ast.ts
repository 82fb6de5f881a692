// The syntax tree of a filter: what parser.ts builds, compile.ts turns into closures, print.ts into text.
// A node has one job and holds plain values, so that two equal filters are deeply equal.

import type { AddressColumn } from '../record/columns.js';

export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'protocol'; readonly number: number }
  | { readonly kind: 'class'; readonly word: ClassWord }
  | { readonly kind: 'ethertype'; readonly number: number }
  | { readonly kind: 'host'; readonly sides: Sides; readonly address: readonly number[] }
  | { readonly kind: 'ether-host'; readonly sides: Sides; readonly address: readonly number[] }
  | {
      readonly kind: 'net';
      readonly sides: Sides;
      readonly address: readonly number[];
      readonly mask: readonly number[];
    }
  | { readonly kind: 'port'; readonly sides: Sides; readonly low: number; readonly high: number }
  | { readonly kind: 'vlan'; readonly id: number }
  | { readonly kind: 'tunnel'; readonly type: number }
  | {
      readonly kind: 'address';
      readonly column: OtherAddress;
      readonly address: readonly number[];
      readonly mask: readonly number[];
    }
  | { readonly kind: 'cast'; readonly layer: 'any' | 'ip' | 'ether'; readonly cast: CastWord }
  | { readonly kind: 'side-state'; readonly sides: Sides; readonly word: SideStateWord }
  | { readonly kind: 'state'; readonly word: StateWord }
  | {
      readonly kind: 'compare';
      readonly what: Operand;
      readonly comparator: Comparator;
      readonly value: number;
    }
  | { readonly kind: 'has'; readonly what: Operand };

export type FilterOf<K extends Filter['kind']> = Extract<Filter, { kind: K }>;

/** Addresses of a record that are neither end's: who reported an ICMP error, the outer ones of a tunnel. */
export type OtherAddress = Exclude<AddressColumn, 'srcAddress' | 'dstAddress'>;

/** Which end a term speaks of. `either`: src or dst, the meaning of a term that does not say. */
export type Sides = 'src' | 'dst' | 'either' | 'both';

/**
 * What a comparison reads: one field of the field table (`field`), the pair of a name without a side
 * (`either`, `both`), or the sum of the pair (`total`).
 */
export interface Operand {
  readonly of: 'field' | 'either' | 'both' | 'total';
  readonly name: string;
}

export const comparators = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const;
export type Comparator = (typeof comparators)[number];

/** Families of flows that are no single protocol number. */
export const classWords = ['ip', 'ipv4', 'ipv6', 'icmp', 'arp', 'rarp', 'vlan', 'man', 'far'] as const;
export type ClassWord = (typeof classWords)[number];

export const castWords = ['multicast', 'broadcast'] as const;
export type CastWord = (typeof castWords)[number];

/** States that each end has for itself, so `src` and `dst` can stand before them. */
export const sideStateWords = [
  ...['fin', 'syn', 'rst', 'push', 'ack', 'urg', 'ece', 'cwr'],
  ...['mss', 'wscale', 'selackok', 'selack', 'tcptimestamp', 'tcpopt'],
  ...['frag', 'tinyfrag', 'overlap', 'dupfrag', 'winshut', 'retrans', 'outoforder', 'ecn'],
] as const;
export type SideStateWord = (typeof sideStateWords)[number];

/** States of the whole record. */
export const stateWords = [
  ...['est', 'synack', 'finack', 'normal', 'wait', 'multipath'],
  ...['echo', 'unreach', 'redirect', 'timexed', 'icmpmap', 'unrnet', 'unrhost', 'unrport'],
  ...['fragonly', 'tunnel', 'mpls', 'quic', 'rtp', 'rtcp'],
  ...['start', 'status', 'stop', 'answered', 'timeout', 'evicted', 'reused', 'shutdown'],
] as const;
export type StateWord = (typeof stateWords)[number];
