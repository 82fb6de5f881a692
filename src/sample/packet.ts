// Builds packets layer by layer, with right lengths and checksums. What it makes goes to the capture writer,
// from there to the probe, as sample traffic and as the captures of the tests.
import { addressBytes, checksum, concat, macBytes, setU16, text, u16s, u32 } from './bytes.js';

export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;
export const etherTypes = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  serviceVlan: 0x88a8,
} as const;

/** Both ends of an Ethernet hop. `vlans`: ids or tag control words, outermost first; two tags make 802.1ad. */
export interface Link {
  readonly srcMac: string;
  readonly dstMac: string;
  readonly vlans?: readonly number[];
}

export interface Ip {
  readonly src: string;
  readonly dst: string;
  readonly ttl?: number;
  readonly tos?: number;
  /** IPv4 only. */
  readonly id?: number;
  readonly dontFragment?: boolean;
  /** IPv4: this packet is a fragment; `offset` in bytes, a multiple of 8. */
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  /** IPv4 options, a multiple of 4 bytes. */
  readonly options?: Uint8Array;
}

export interface Tcp {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly sequence: number;
  readonly acknowledgment?: number;
  /** Bits of `tcpFlags`. */
  readonly flags: number;
  readonly window?: number;
  /** A multiple of 4 bytes, see `tcpOptions`. */
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

export interface TcpOptions {
  readonly mss?: number;
  readonly windowShift?: number;
  readonly sackPermitted?: boolean;
  readonly timestamp?: { readonly value: number; readonly echo: number };
}

const empty = new Uint8Array(0);

/** A frame of at least 60 bytes (the FCS is not part of a capture); shorter payloads are padded as a card does it. */
export function ethernet(link: Link, etherType: number, payload: Uint8Array): Uint8Array {
  const vlans = link.vlans ?? [];
  const tags = vlans.map((tag, index) =>
    u16s([vlans.length > 1 && index === 0 ? etherTypes.serviceVlan : etherTypes.vlan, tag]),
  );
  const frame = concat(macBytes(link.dstMac), macBytes(link.srcMac), ...tags, u16s([etherType]), payload);
  return frame.length < 60 ? concat(frame, new Uint8Array(60 - frame.length)) : frame;
}

/** An IP packet of the version that the addresses have. */
export function ip(header: Ip, protocol: number, payload: Uint8Array): Uint8Array {
  const src = addressBytes(header.src);
  const dst = addressBytes(header.dst);
  const ttl = header.ttl ?? 64;
  const tos = header.tos ?? 0;
  if (src.length === 16) {
    return concat(
      [0x60 | (tos >> 4), (tos & 15) << 4, 0, 0],
      u16s([payload.length]),
      [protocol, ttl],
      src,
      dst,
      payload,
    );
  }
  const options = header.options ?? empty;
  const length = 20 + options.length;
  const dontFragment = (header.dontFragment ?? !header.fragment) ? 0x4000 : 0;
  const fragment =
    dontFragment | (header.fragment?.more ? 0x2000 : 0) | ((header.fragment?.offset ?? 0) >> 3);
  const bytes = concat(
    [0x40 | (length / 4), tos],
    u16s([length + payload.length, header.id ?? 0, fragment]),
    [ttl, protocol, 0, 0],
    src,
    dst,
    options,
  );
  setU16(bytes, 10, checksum(bytes));
  return concat(bytes, payload);
}

/** An Ethernet frame around `ip`. */
export function ipFrame(link: Link, header: Ip, protocol: number, payload: Uint8Array): Uint8Array {
  const etherType = header.src.includes(':') ? etherTypes.ipv6 : etherTypes.ipv4;
  return ethernet(link, etherType, ip(header, protocol, payload));
}

/** Sets the checksum at `at` of a transport segment, over the pseudo header of RFC 9293 or RFC 8200. */
function seal(header: Ip, protocol: number, segment: Uint8Array, at: number): Uint8Array {
  const pseudo = concat(
    addressBytes(header.src),
    addressBytes(header.dst),
    u32(segment.length),
    u32(protocol),
  );
  const sum = checksum(pseudo, segment);
  setU16(segment, at, sum === 0 && protocol === 17 ? 0xffff : sum);
  return segment;
}

export function tcpSegment(header: Ip, tcp: Tcp): Uint8Array {
  const options = tcp.options ?? empty;
  const segment = concat(
    u16s([tcp.srcPort, tcp.dstPort]),
    u32(tcp.sequence),
    u32(tcp.acknowledgment ?? 0),
    [(5 + options.length / 4) << 4, tcp.flags],
    u16s([tcp.window ?? 65535, 0, 0]),
    options,
    tcp.payload ?? empty,
  );
  return seal(header, 6, segment, 16);
}

export function tcpFrame(link: Link, header: Ip, tcp: Tcp): Uint8Array {
  return ipFrame(link, header, 6, tcpSegment(header, tcp));
}

/** Options padded to whole words, in the order that Linux sends them. */
export function tcpOptions(options: TcpOptions): Uint8Array {
  const bytes: number[] = [];
  if (options.mss !== undefined) bytes.push(2, 4, options.mss >> 8, options.mss & 255);
  if (options.sackPermitted) bytes.push(4, 2);
  if (options.timestamp) {
    if (!options.sackPermitted) bytes.push(1, 1);
    bytes.push(8, 10, ...u32(options.timestamp.value), ...u32(options.timestamp.echo));
  }
  if (options.windowShift !== undefined) bytes.push(1, 3, 3, options.windowShift);
  while (bytes.length % 4 !== 0) bytes.push(1);
  return Uint8Array.from(bytes);
}

export interface Udp {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload?: Uint8Array;
}

export function udpDatagram(header: Ip, udp: Udp): Uint8Array {
  const payload = udp.payload ?? empty;
  const datagram = concat(u16s([udp.srcPort, udp.dstPort, 8 + payload.length, 0]), payload);
  return seal(header, 17, datagram, 6);
}

export function udpFrame(link: Link, header: Ip, udp: Udp): Uint8Array {
  return ipFrame(link, header, 17, udpDatagram(header, udp));
}

/** ICMP or ICMPv6, by the addresses; `rest` is the second word of the header (echo: id and sequence). */
export function icmpFrame(
  link: Link,
  header: Ip,
  icmp: {
    readonly type: number;
    readonly code?: number;
    readonly rest?: readonly [number, number];
    readonly payload?: Uint8Array;
  },
): Uint8Array {
  const message = concat([icmp.type, icmp.code ?? 0, 0, 0], u16s(icmp.rest ?? [0, 0]), icmp.payload ?? empty);
  if (header.src.includes(':')) return ipFrame(link, header, 58, seal(header, 58, message, 2));
  setU16(message, 2, checksum(message));
  return ipFrame(link, header, 1, message);
}

/** The 56 data bytes that ping sends. */
export const pingPayload = text('panoptes sample traffic, sent by nobody to nobody at all').slice(0, 56);

/** Echo request or reply of ping, v4 or v6. */
export function echoFrame(
  link: Link,
  header: Ip,
  kind: 'request' | 'reply',
  id: number,
  sequence: number,
): Uint8Array {
  const v6 = header.src.includes(':');
  const type = kind === 'request' ? (v6 ? 128 : 8) : v6 ? 129 : 0;
  return icmpFrame(link, header, { type, rest: [id, sequence], payload: pingPayload });
}

export function arpFrame(
  link: Link,
  arp: {
    readonly operation: 'request' | 'reply';
    readonly senderMac: string;
    readonly sender: string;
    readonly targetMac: string;
    readonly target: string;
  },
): Uint8Array {
  const body = concat(
    u16s([1, etherTypes.ipv4]),
    [6, 4],
    u16s([arp.operation === 'request' ? 1 : 2]),
    macBytes(arp.senderMac),
    addressBytes(arp.sender),
    macBytes(arp.targetMac),
    addressBytes(arp.target),
  );
  return ethernet(link, etherTypes.arp, body);
}
