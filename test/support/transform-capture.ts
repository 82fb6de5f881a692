// Changes to a whole capture of which it is known what they may change in the records. All of them keep the packets
// that they are given as they are, and none mends a checksum: the probe does not look at them.
import type { CapturedPacket } from '../../src/sample/capture-writer.js';
import type { Random } from '../../src/sample/random.js';
import { placesOf } from './frame-places.js';

export type Packets = readonly CapturedPacket[];

/** The packets of a classic pcap file, little endian with nanoseconds, as src/sample writes it. */
export function packetsOf(file: Uint8Array): CapturedPacket[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength); // a Buffer's slice() is no copy
  if (view.getUint32(0, true) !== 0xa1b23c4d) throw new Error('not pcap with nanoseconds, little endian');
  const packets: CapturedPacket[] = [];
  for (let at = 24; at < file.length; ) {
    const captured = view.getUint32(at + 8, true);
    packets.push({
      seconds: view.getUint32(at, true),
      nanos: view.getUint32(at + 4, true),
      bytes: bytes.slice(at + 16, at + 16 + captured),
      wire: view.getUint32(at + 12, true),
    });
    at += 16 + captured;
  }
  return packets;
}

/** Nanoseconds since 1970. */
export function timeOf({ seconds, nanos }: CapturedPacket): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

export function atTime(packet: CapturedPacket, ns: bigint): CapturedPacket {
  return { ...packet, seconds: Number(ns / 1_000_000_000n), nanos: Number(ns % 1_000_000_000n) };
}

export function shiftTime(packets: Packets, ns: bigint): CapturedPacket[] {
  return packets.map((packet) => atTime(packet, timeOf(packet) + ns));
}

/** Another name for every address and MAC; `rename` keeps the length. */
export function renameAddresses(
  packets: Packets,
  rename: (address: Uint8Array) => Uint8Array,
): CapturedPacket[] {
  return packets.map((packet) => {
    const bytes = packet.bytes.slice();
    for (const { at, size } of placesOf(bytes).addresses) {
      bytes.set(rename(packet.bytes.subarray(at, at + size)), at);
    }
    return { ...packet, bytes };
  });
}

/** The other name of every bit: of two addresses the lower one becomes the higher one. */
export function complement(address: Uint8Array): Uint8Array {
  return address.map((byte) => ~byte & 255);
}

/** Exchanges addresses in pairs, those of one length among themselves; its own inverse. */
export function exchangeAddresses(packets: Packets, random: Random): (address: Uint8Array) => Uint8Array {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const known = new Map<string, Uint8Array>();
  for (const { bytes } of packets) {
    for (const { at, size } of placesOf(bytes).addresses) {
      // A MAC says by a bit that it is of a group, and an address of all zeros that there is none.
      const address = bytes.slice(at, at + size);
      if (size !== 6 && address.some((byte) => byte !== 0)) known.set(hex(address), address);
    }
  }
  const exchanged = new Map<string, Uint8Array>();
  for (const size of [4, 16]) {
    const left = [...known.values()].filter(({ length }) => length === size);
    while (left.length > 1) {
      const one = left.pop() as Uint8Array;
      const other = left.splice(random.whole(0, left.length - 1), 1)[0] as Uint8Array;
      exchanged.set(hex(one), other).set(hex(other), one);
    }
  }
  return (address) => exchanged.get(hex(address)) ?? address;
}

/** What is added to the numbers that one end of a connection sends. */
export type SequenceShift = (src: Uint8Array, srcPort: number, dst: Uint8Array, dstPort: number) => number;

/** Other sequence numbers, and with them acknowledgements and SACK blocks (RFC 2018) of the other end. */
export function shiftSequences(packets: Packets, shift: SequenceShift): CapturedPacket[] {
  return packets.map((packet) => {
    const { tcp } = placesOf(packet.bytes);
    if (!tcp) return packet;
    const bytes = packet.bytes.slice();
    const view = new DataView(bytes.buffer);
    const add = (at: number, value: number) => view.setUint32(at, (view.getUint32(at) + value) >>> 0);
    const own = shift(tcp.src, tcp.srcPort, tcp.dst, tcp.dstPort);
    const others = shift(tcp.dst, tcp.dstPort, tcp.src, tcp.srcPort);
    add(tcp.at + 4, own);
    if ((view.getUint8(tcp.at + 13) & 0x10) !== 0) add(tcp.at + 8, others);
    for (const { at, kind, length } of optionsOf(bytes, tcp.at)) {
      if (kind !== 5) continue;
      for (let edge = at + 2; edge + 4 <= at + length; edge += 4) add(edge, others);
    }
    return { ...packet, bytes };
  });
}

function* optionsOf(bytes: Uint8Array, header: number) {
  const end = Math.min(bytes.length, header + ((bytes[header + 12] ?? 0) >> 4) * 4);
  for (let at = header + 20; at < end; ) {
    const kind = bytes[at] ?? 0;
    const length = kind === 1 ? 1 : (bytes[at + 1] ?? 0);
    if (kind === 0 || length < 1 || at + length > end) return;
    if (kind !== 1) yield { at, kind, length };
    at += length;
  }
}

/** TCP options as padding, which says nothing, all of them. */
export function blankOptions(packets: Packets): CapturedPacket[] {
  return packets.map((packet) => {
    const { tcp } = placesOf(packet.bytes);
    if (!tcp) return packet;
    const bytes = packet.bytes.slice();
    const end = Math.min(bytes.length, tcp.at + ((bytes[tcp.at + 12] ?? 0) >> 4) * 4);
    bytes.fill(1, tcp.at + 20, Math.max(end, tcp.at + 20));
    return { ...packet, bytes };
  });
}

/** As a capture with that snapshot length has them. */
export function snap(packets: Packets, most: number): CapturedPacket[] {
  return packets.map((packet) => ({
    ...packet,
    bytes: packet.bytes.slice(0, most),
    wire: packet.wire ?? packet.bytes.length,
  }));
}

/** What a bad capture makes of good packets: some are lost, some come twice, some change places. */
export function wear(packets: Packets, random: Random): CapturedPacket[] {
  const worn: CapturedPacket[] = [];
  for (const packet of packets) {
    if (random.chance(0.03)) continue;
    const late = random.chance(0.03) ? BigInt(random.whole(10_000, 5_000_000)) : 0n;
    worn.push(late === 0n ? packet : atTime(packet, timeOf(packet) + late));
    if (random.chance(0.03)) {
      worn.push(atTime(packet, timeOf(packet) + late + BigInt(random.whole(1000, 900_000))));
    }
  }
  return worn.sort((a, b) => Number(timeOf(a) - timeOf(b)));
}
