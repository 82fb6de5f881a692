// Random numbers that are the same in every run, and random flow records from them.
import { icmpRow, type Row, tcpRow, udpRow } from './batches.js';

/** mulberry32: numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A record of one of several kinds, with values of all magnitudes. */
export function randomRow(random: () => number, index: number): Row {
  const below = (limit: number): number => Math.floor(random() * limit);
  const maybe = <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined);
  const common: Row = {
    flowId: 2 ** 40 + index,
    cause: 1 + below(3),
    start: below(5_000_000) * 1000,
    srcPackets: 1 + below(300),
    srcBytes: below(2 ** (1 + below(40))),
    dstBytes: below(70000),
  };
  const present = Object.fromEntries(
    Object.entries({
      srcVlan: maybe(below(65536)),
      srcGapM2: maybe(random() * 1e15),
      srcGapMin: maybe(below(1e9)),
      srcGapMax: maybe(below(1e12)),
      srcGapLead: maybe(below(1e10)),
      srcPayload: maybe('GET /\r\n'.slice(0, below(8))),
      dstPayload: maybe('\x00\xff'.repeat(below(20))),
      srcTtlMin: maybe(below(256)),
      srcMpls: maybe(below(2 ** 20)),
      srcDuplicates: maybe(below(9)),
      quicVersion: maybe(below(2 ** 32)),
      tunnelSrc: maybe(`192.0.2.${below(20)}`),
      tunnelDst: maybe(`2001:db8:9::${below(20)}`),
      tunnelType: maybe(1 + below(20)),
      inode: maybe(below(2) ? `198.51.100.${below(20)}` : `2001:db8:a::${below(20)}`),
      icmpErrors: maybe(below(3)),
    }).filter(([, value]) => value !== undefined),
  ) as Row;
  const host = (): string => `10.${below(3)}.0.${below(200)}`;
  switch (below(5)) {
    case 0:
      return icmpRow({ ...common, ...present, dstAddress: host() });
    case 1:
      return udpRow({
        ...common,
        ...present,
        srcAddress: host(),
        srcPort: below(65536),
        srcMac: `02:00:00:00:00:${10 + below(80)}`,
      });
    case 2:
      return tcpRow({
        ...common,
        ...present,
        kind: 2,
        srcAddress: `2001:db8::${below(99)}`,
        dstAddress: '2001:db8::1:0',
      });
    case 3: {
      const ethernet = {
        kind: 4,
        srcAddress: '02:00:00:00:00:99',
        dstAddress: 'ff:ff:ff:ff:ff:ff',
        ethertype: 0x88cc,
      };
      return { ...common, ...ethernet, srcFirst: 0, srcSpan: 0 };
    }
    default:
      return tcpRow({
        ...common,
        ...present,
        srcAddress: host(),
        dstAddress: host(),
        srcTcpBase: below(2 ** 32),
      });
  }
}
