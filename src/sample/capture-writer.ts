// Capture files as bytes: classic pcap and pcapng, both byte orders, micro- and nanoseconds. Takes what the
// packet builder made; the probe, tshark and tcpdump read it.

/** Seconds since 1970 and nanoseconds within the second. */
export interface PacketTime {
  readonly seconds: number;
  readonly nanos: number;
}

export interface CapturedPacket extends PacketTime {
  readonly bytes: Uint8Array;
  /** Length on the wire where it was longer than what was captured. */
  readonly wire?: number;
  /** pcapng: which interface block. */
  readonly interface?: number;
}

export interface CaptureFormat {
  readonly nanoseconds?: boolean;
  readonly bigEndian?: boolean;
  /** LINKTYPE_ number, 1 is Ethernet. */
  readonly linkType?: number;
  readonly snaplen?: number;
}

export const linkTypes = { null: 0, ethernet: 1, raw: 101, linuxSll: 113, linuxSll2: 276 } as const;

/** The 24 bytes that open a classic pcap file. */
export function pcapHeader(format: CaptureFormat = {}): Uint8Array {
  const little = !format.bigEndian;
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, format.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  view.setUint32(16, format.snaplen ?? 262144, little);
  view.setUint32(20, format.linkType ?? linkTypes.ethernet, little);
  return new Uint8Array(view.buffer);
}

/** One packet record of a classic pcap file. */
export function pcapRecord(packet: CapturedPacket, format: CaptureFormat = {}): Uint8Array {
  const little = !format.bigEndian;
  const record = new Uint8Array(16 + packet.bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, packet.seconds, little);
  view.setUint32(4, format.nanoseconds ? packet.nanos : Math.floor(packet.nanos / 1000), little);
  view.setUint32(8, packet.bytes.length, little);
  view.setUint32(12, packet.wire ?? packet.bytes.length, little);
  record.set(packet.bytes, 16);
  return record;
}

export function pcapFile(packets: Iterable<CapturedPacket>, format: CaptureFormat = {}): Uint8Array {
  const parts = [pcapHeader(format)];
  for (const packet of packets) parts.push(pcapRecord(packet, format));
  return Buffer.concat(parts);
}

export interface PcapngFormat {
  readonly bigEndian?: boolean;
  /** One interface block each; default: one Ethernet link in microseconds. */
  readonly interfaces?: readonly PcapngInterface[];
  /** Simple packet blocks (no time, first interface) in place of enhanced ones. */
  readonly simple?: boolean;
  /** A block of a type that nobody knows between the packets: readers skip it. */
  readonly unknownBlocks?: boolean;
}

export interface PcapngInterface {
  readonly linkType?: number;
  readonly snaplen?: number;
  readonly name?: string;
  /** if_tsresol: a power of ten of a second, 6 if left out, 9 for nanoseconds. */
  readonly decimals?: number;
  /** if_tsoffset in seconds: stamps in the file are lower by it. */
  readonly offsetSeconds?: number;
}

/** pcapng (draft-ietf-opsawg-pcapng): section header, interfaces, packets. */
export function pcapngFile(packets: Iterable<CapturedPacket>, format: PcapngFormat = {}): Uint8Array {
  const writer = new BlockWriter(!format.bigEndian);
  const interfaces = format.interfaces ?? [{}];
  const parts = [writer.sectionHeader(), ...interfaces.map((of) => writer.interface(of))];
  for (const packet of packets) {
    const of = interfaces[packet.interface ?? 0] ?? {};
    parts.push(format.simple ? writer.simplePacket(packet) : writer.enhancedPacket(packet, of));
    if (format.unknownBlocks) parts.push(writer.block(0x0badcafe, Uint8Array.of(1, 2, 3, 4)));
  }
  return Buffer.concat(parts);
}

class BlockWriter {
  readonly #little: boolean;

  constructor(little: boolean) {
    this.#little = little;
  }

  block(type: number, body: Uint8Array): Uint8Array {
    const padded = Math.ceil(body.length / 4) * 4;
    const bytes = new Uint8Array(12 + padded);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, type, this.#little);
    view.setUint32(4, bytes.length, this.#little);
    bytes.set(body, 8);
    view.setUint32(8 + padded, bytes.length, this.#little);
    return bytes;
  }

  sectionHeader(): Uint8Array {
    const view = new DataView(new ArrayBuffer(16));
    view.setUint32(0, 0x1a2b3c4d, this.#little);
    view.setUint16(4, 1, this.#little);
    view.setBigInt64(8, -1n, this.#little);
    return this.block(0x0a0d0d0a, new Uint8Array(view.buffer));
  }

  interface(of: PcapngInterface): Uint8Array {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint16(0, of.linkType ?? linkTypes.ethernet, this.#little);
    view.setUint32(4, of.snaplen ?? 262144, this.#little);
    const options: Uint8Array[] = [];
    if (of.name !== undefined) options.push(this.#option(2, new TextEncoder().encode(of.name)));
    if (of.decimals !== undefined) options.push(this.#option(9, Uint8Array.of(of.decimals)));
    if (of.offsetSeconds !== undefined) {
      const offset = new DataView(new ArrayBuffer(8));
      offset.setBigInt64(0, BigInt(of.offsetSeconds), this.#little);
      options.push(this.#option(14, new Uint8Array(offset.buffer)));
    }
    if (options.length > 0) options.push(this.#option(0, new Uint8Array(0)));
    return this.block(1, Buffer.concat([new Uint8Array(view.buffer), ...options]));
  }

  simplePacket(packet: CapturedPacket): Uint8Array {
    const body = new Uint8Array(4 + packet.bytes.length);
    new DataView(body.buffer).setUint32(0, packet.wire ?? packet.bytes.length, this.#little);
    body.set(packet.bytes, 4);
    return this.block(3, body);
  }

  enhancedPacket(packet: CapturedPacket, of: PcapngInterface): Uint8Array {
    const decimals = of.decimals ?? 6;
    const whole = BigInt(packet.seconds - (of.offsetSeconds ?? 0)) * 10n ** BigInt(decimals);
    const stamp = whole + BigInt(packet.nanos) / 10n ** BigInt(9 - decimals);
    const body = new Uint8Array(20 + packet.bytes.length);
    const view = new DataView(body.buffer);
    view.setUint32(0, packet.interface ?? 0, this.#little);
    view.setUint32(4, Number(stamp >> 32n), this.#little);
    view.setUint32(8, Number(stamp & 0xffffffffn), this.#little);
    view.setUint32(12, packet.bytes.length, this.#little);
    view.setUint32(16, packet.wire ?? packet.bytes.length, this.#little);
    body.set(packet.bytes, 20);
    return this.block(6, body);
  }

  #option(code: number, value: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(4 + Math.ceil(value.length / 4) * 4);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, code, this.#little);
    view.setUint16(2, value.length, this.#little);
    bytes.set(value, 4);
    return bytes;
  }
}
