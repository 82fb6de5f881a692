// The small captures that tests, golden texts and fuzz seeds are made from: one a protocol, one a file format.
// Nothing was recorded anywhere: each packet is built here, from a seed.
import { concat, text, u16s, u32 } from './bytes.js';
import { type CapturedPacket, linkTypes, type PacketTime, pcapFile, pcapngFile } from './capture-writer.js';
import { type ConversationName, conversations } from './conversations.js';
import { Network } from './network.js';
import { ethernet, ip, ipFrame, type Link, udpDatagram, udpFrame } from './packet.js';
import { PacketHeap } from './packet-heap.js';
import { Random } from './random.js';
import { samplePackets } from './sample-traffic.js';

export interface SampleCapture {
  /** With the suffix of its format. */
  readonly name: string;
  readonly about: string;
  /** Whole packets in the file. */
  readonly packets: number;
  readonly bytes: Uint8Array;
}

/** 2026-01-01 00:00:00.25 UTC; all captures begin here. */
const start: PacketTime = { seconds: 1767225600, nanos: 250_000_000 };
const link: Link = { srcMac: '02:00:0a:00:00:0a', dstMac: '02:50:41:4e:00:01' };
const ends = { src: '10.1.0.10', dst: '192.0.2.20' };
const ends6 = { src: '2001:db8:a::a', dst: '2001:db8:1::14' };
const ports = { srcPort: 40000, dstPort: 9000 };

/** All packets of one kind of conversation, `count` of them one after the other. */
export function conversationPackets(name: ConversationName, seed: number, count = 1): CapturedPacket[] {
  const random = new Random(seed);
  const heap = new PacketHeap();
  const network = new Network(random);
  for (let index = 0; index < count; index++) {
    conversations[name](
      {
        random,
        network,
        emit: (atNs, bytes, flow, fromSrc) => heap.push({ atNs: Math.round(atNs), bytes, flow, fromSrc }),
      },
      index * 2e9,
    );
  }
  const packets: CapturedPacket[] = [];
  for (let next = heap.popUntil(Infinity); next; next = heap.popUntil(Infinity)) {
    packets.push({ ...timeAfter(next.atNs), bytes: next.bytes });
  }
  return packets;
}

/** Every capture, in a fixed order; the same bytes on every machine. */
export function sampleCaptures(): SampleCapture[] {
  return [...protocolCaptures(), ...linkCaptures(), ...formatCaptures()];
}

function protocolCaptures(): SampleCapture[] {
  const of = (name: string, about: string, packets: CapturedPacket[]): SampleCapture => ({
    name: `${name}.pcap`,
    about,
    packets: packets.length,
    bytes: pcapFile(packets, { nanoseconds: true }),
  });
  return [
    of('web', 'a web connection from SYN to FIN', conversationPackets('web', 5)),
    of(
      'lossy',
      'a download with losses, retransmissions and reordering',
      conversationPackets('lossyDownload', 17),
    ),
    of('refused', 'a SYN answered by a RST', conversationPackets('refused', 3)),
    of('unanswered', 'SYNs that nobody answers', conversationPackets('unansweredSyn', 4)),
    of('dns', 'DNS transactions, some to names that do not exist', conversationPackets('dns', 11, 8)),
    of('ping', 'echo requests and replies, IPv4 and IPv6', conversationPackets('ping', 13, 4)),
    of('arp', 'requests for a MAC address and replies', conversationPackets('arp', 17, 3)),
    of('ntp', 'NTP, client and server mode', conversationPackets('timeOfDay', 19, 3)),
    of('odd', 'VLAN stacks, IP options, fragments, extension headers, an unknown ethertype', oddPackets()),
    of('mixed', 'the first 400 packets of the sample traffic', mixedPackets(400)),
  ];
}

function linkCaptures(): SampleCapture[] {
  const inner = [ip(ends, 17, udpDatagram(ends, { ...ports, payload: text('over IPv4') })), ipv6Packet()];
  const of = (name: string, linkType: number, head: (v6: boolean) => readonly number[] | Uint8Array) => {
    const packets = inner.map((bytes, index) => ({
      ...timeAfter(index * 1e6),
      bytes: concat(head(index === 1), bytes),
    }));
    return { name, about: `link type ${linkType}`, packets: 2, bytes: pcapFile(packets, { linkType }) };
  };
  const etherType = (v6: boolean) => u16s([v6 ? 0x86dd : 0x0800]);
  const cooked = concat([0, 0, 0, 1, 0, 6, 2, 0, 10, 0, 0, 10, 0, 0]);
  const cooked2 = (v6: boolean) =>
    concat(etherType(v6), [0, 0], u32(2), [0, 1, 0, 6, 2, 0, 10, 0, 0, 10, 0, 0]);
  return [
    of('link-raw.pcap', linkTypes.raw, () => []),
    of('link-null.pcap', linkTypes.null, (v6) => [v6 ? 30 : 2, 0, 0, 0]),
    of('link-sll.pcap', linkTypes.linuxSll, (v6) => concat(cooked, etherType(v6))),
    of('link-sll2.pcap', linkTypes.linuxSll2, cooked2),
  ];
}

/** The same packets in each format: whatever reads them must find the same flows. */
function formatCaptures(): SampleCapture[] {
  const packets = conversationPackets('web', 5);
  const count = packets.length;
  const of = (name: string, about: string, bytes: Uint8Array, whole = count) => ({
    name,
    about,
    packets: whole,
    bytes,
  });
  const nano = pcapFile(packets, { nanoseconds: true });
  const short = packets.map((packet) => ({
    ...packet,
    bytes: packet.bytes.slice(0, 68),
    wire: packet.bytes.length,
  }));
  const spread = packets.map((packet, index) => ({ ...packet, interface: index % 2 }));
  const interfaces = [{ name: 'left' }, { name: 'right', decimals: 9, offsetSeconds: 1_700_000_000 }];
  return [
    of('format-us.pcap', 'pcap, microseconds', pcapFile(packets)),
    of('format-us-be.pcap', 'pcap, microseconds, big endian', pcapFile(packets, { bigEndian: true })),
    of('format-ns.pcap', 'pcap, nanoseconds', nano),
    of(
      'format-ns-be.pcap',
      'pcap, nanoseconds, big endian',
      pcapFile(packets, { nanoseconds: true, bigEndian: true }),
    ),
    of('format-short.pcap', 'only the first 68 bytes of each packet', pcapFile(short, { snaplen: 68 })),
    of('format-cut.pcap', 'cut in the middle of the last packet', nano.slice(0, nano.length - 5), count - 1),
    of('format-empty.pcap', 'a header and no packet', pcapFile([]), 0),
    of('format.pcapng', 'pcapng, microseconds', pcapngFile(packets)),
    of('format-be.pcapng', 'pcapng, big endian', pcapngFile(packets, { bigEndian: true })),
    of('format-ns.pcapng', 'pcapng, nanoseconds', pcapngFile(packets, { interfaces: [{ decimals: 9 }] })),
    of('format-two.pcapng', 'two interfaces with their own clocks', pcapngFile(spread, { interfaces })),
    of(
      'format-simple.pcapng',
      'simple packet blocks, which have no time',
      pcapngFile(packets, { simple: true }),
    ),
    of('format-unknown.pcapng', 'blocks of an unknown type', pcapngFile(packets, { unknownBlocks: true })),
  ];
}

function mixedPackets(count: number): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  for (const { seconds, nanos, bytes } of samplePackets({ seed: 4, start })) {
    packets.push({ seconds, nanos, bytes });
    if (packets.length === count) break;
  }
  return packets;
}

/** An IPv6 packet with hop-by-hop and destination options before UDP. */
function ipv6Packet(): Uint8Array {
  const hopByHop = [60, 0, 1, 4, 0, 0, 0, 0];
  const destination = [17, 0, 1, 4, 0, 0, 0, 0];
  return ip(
    ends6,
    0,
    concat(hopByHop, destination, udpDatagram(ends6, { ...ports, payload: text('over IPv6') })),
  );
}

function oddPackets(): CapturedPacket[] {
  const udp = { ...ports, payload: text('odd packets') };
  const big = udpDatagram(ends, { ...ports, payload: new Uint8Array(2000).fill(0x61) });
  const fragment = (offset: number, end: number, more: boolean) =>
    ipFrame(link, { ...ends, id: 77, fragment: { offset, more } }, 17, big.slice(offset, end));
  const routerAlert = Uint8Array.of(0x94, 4, 0, 0);
  const frames = [
    udpFrame({ ...link, vlans: [100] }, ends, udp),
    udpFrame({ ...link, vlans: [0x6000 | 200, 300] }, ends, udp),
    udpFrame(link, { ...ends, options: routerAlert }, udp),
    fragment(0, 1480, true),
    fragment(1480, big.length, false),
    ethernet(link, 0x86dd, ipv6Packet()),
    ethernet({ ...link, dstMac: '01:80:c2:00:00:0e' }, 0x88cc, concat([2, 7, 4, 2, 0, 10, 0, 0, 10, 0, 0])),
    ipFrame(link, ends, 47, concat([0, 0, 8, 0], ip(ends, 17, udpDatagram(ends, udp)))),
    ipFrame(link, { ...ends, tos: 0xb8, ttl: 3 }, 132, concat(u16s([5000, 6000]), u32(0), u32(0))),
  ];
  return frames.map((bytes, index) => ({ ...timeAfter(index * 10e6), bytes }));
}

function timeAfter(ns: number): PacketTime {
  const nanos = start.nanos + (ns % 1e9);
  const carry = nanos >= 1e9 ? 1 : 0;
  return { seconds: start.seconds + Math.floor(ns / 1e9) + carry, nanos: nanos - carry * 1e9 };
}
