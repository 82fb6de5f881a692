// Community ID version 1, seed 0 (github.com/corelight/community-id-spec): the same text for a flow in every tool that
// computes it. Neighbours: the field `cid`; sha1.ts.
import { sha1 } from './sha1.js';

/** ICMP types and the type that the other side answers with; a type without one is a one-way flow. */
const icmpPairs: ReadonlyMap<number, number> = new Map([
  [0, 8],
  [8, 0],
  [9, 10],
  [10, 9],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
]);

const icmp6Pairs: ReadonlyMap<number, number> = new Map([
  [128, 129],
  [129, 128],
  [130, 131],
  [131, 130],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [139, 140],
  [140, 139],
  [144, 145],
  [145, 144],
]);

const icmp = 1;
const icmp6 = 58;
/** TCP, UDP, SCTP and both ICMPs: the protocols that the specification gives ports. */
const withPorts: ReadonlySet<number> = new Set([icmp, 6, 17, icmp6, 132]);

export interface Endpoints {
  /** IP protocol number. */
  readonly protocol: number;
  /** 4 or 16 bytes each. */
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
  /** TCP, UDP, SCTP: ports. ICMP: type and code of a packet from src. */
  readonly srcPort: number;
  readonly dstPort: number;
}

/** The ICMP type that answers `type`, if it is one that is answered. */
export function answerType(protocol: number, type: number): number | undefined {
  return (protocol === icmp ? icmpPairs : icmp6Pairs).get(type);
}

export function communityId(flow: Endpoints): string {
  let { src, dst, srcPort, dstPort } = flow;
  let isOneWay = false;
  if (flow.protocol === icmp || flow.protocol === icmp6) {
    const answer = answerType(flow.protocol, srcPort);
    isOneWay = answer === undefined;
    dstPort = answer ?? dstPort;
  }
  const order = compare(src, dst);
  if (!isOneWay && (order > 0 || (order === 0 && srcPort > dstPort))) {
    [src, dst, srcPort, dstPort] = [dst, src, dstPort, srcPort];
  }
  const hasPorts = withPorts.has(flow.protocol);
  const size = src.length;
  const message = new Uint8Array(2 + 2 * size + 2 + (hasPorts ? 4 : 0)); // begins with the seed, 0
  message.set(src, 2);
  message.set(dst, 2 + size);
  message[2 + 2 * size] = flow.protocol;
  if (hasPorts) {
    const ports = new DataView(message.buffer, 4 + 2 * size);
    ports.setUint16(0, srcPort);
    ports.setUint16(2, dstPort);
  }
  return `1:${base64(sha1(message))}`;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let d = 0; d < 4; d++) {
      text += i + d > bytes.length ? '=' : digits[(group >> (18 - 6 * d)) & 63];
    }
  }
  return text;
}
