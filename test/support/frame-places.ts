// Where addresses and TCP headers stand in an Ethernet frame, for tests that rewrite captures. Written apart from
// native/decode, and knows no more than what the project's own captures hold.

export interface TcpPlace {
  /** The TCP header. */
  readonly at: number;
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
  readonly srcPort: number;
  readonly dstPort: number;
}

export interface Places {
  /** Addresses of IPv4 (4 bytes), IPv6 (16) and ARP, and MACs (6); those of quoted and tunnelled headers with them. */
  readonly addresses: readonly { readonly at: number; readonly size: number }[];
  readonly tcp: TcpPlace | undefined;
  /** First byte of the outermost IP header; 0: none. */
  readonly ip: number;
}

const tags = new Set([0x8100, 0x88a8]);
const extensions = new Set([0, 43, 60]);

export function placesOf(frame: Uint8Array): Places {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const addresses = [
    { at: 0, size: 6 },
    { at: 6, size: 6 },
  ];
  let tcp: TcpPlace | undefined;

  const has = (at: number, bytes: number) => at + bytes <= frame.length;
  const name = (at: number, size: number) => {
    if (has(at, size)) addresses.push({ at, size });
  };

  function transport(at: number, protocol: number, size: number, srcAt: number): void {
    if (protocol === 6 && has(at, 20)) {
      tcp = {
        at,
        src: frame.slice(srcAt, srcAt + size),
        dst: frame.slice(srcAt + size, srcAt + 2 * size),
        srcPort: view.getUint16(at),
        dstPort: view.getUint16(at + 2),
      };
    }
    if (protocol === 1 && has(at, 28) && [3, 11].includes(view.getUint8(at))) quoted(at + 8, 4);
    if (protocol === 58 && has(at, 48) && view.getUint8(at) < 5) quoted(at + 8, 16);
    if (protocol === 47 && has(at, 4) && view.getUint16(at) === 0) network(at + 4, view.getUint16(at + 2));
  }

  /** The header that an ICMP error brings back: its addresses are names like all others, its segment is not followed. */
  function quoted(at: number, size: number): void {
    const srcAt = at + (size === 4 ? 12 : 8);
    name(srcAt, size);
    name(srcAt + size, size);
  }

  function network(at: number, etherType: number): void {
    if (etherType === 0x0800 && has(at, 20)) {
      name(at + 12, 4);
      name(at + 16, 4);
      const isLater = (view.getUint16(at + 6) & 0x1fff) !== 0;
      const header = (view.getUint8(at) & 15) * 4;
      if (!isLater) transport(at + header, view.getUint8(at + 9), 4, at + 12);
    } else if (etherType === 0x86dd && has(at, 40)) {
      name(at + 8, 16);
      name(at + 24, 16);
      let next = view.getUint8(at + 6);
      let place = at + 40;
      while (extensions.has(next) && has(place, 8)) {
        next = view.getUint8(place);
        place += (view.getUint8(place + 1) + 1) * 8;
      }
      transport(place, next, 16, at + 8);
    } else if (etherType === 0x0806 && has(at, 28)) {
      name(at + 8, 6);
      name(at + 14, 4);
      name(at + 18, 6);
      name(at + 24, 4);
    }
  }

  let typeAt = 12;
  while (has(typeAt, 6) && tags.has(view.getUint16(typeAt))) typeAt += 4;
  const etherType = view.getUint16(typeAt);
  network(typeAt + 2, etherType);
  const isIp = etherType === 0x0800 || etherType === 0x86dd;
  return { addresses, tcp, ip: isIp ? typeAt + 2 : 0 };
}
