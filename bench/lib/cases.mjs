// The traffic of the packet cases. `packets`: for panoptes and the floor; enough that the start of the runtime is
// a small part. `peerPackets`: the slow peers get a shorter capture of the same kind; all figures are per packet.

const mix = (seed, flows, rate, ...more) => [
  ...['--mode', 'mix', '--seed', seed, '--flows', flows, '--pps', rate],
  ...more,
];

export const cases = [
  {
    name: 'mix-100k',
    about: 'bursts as real traffic has, 100 k flows at once, headers only',
    packets: 10_000_000,
    peerPackets: 1_000_000,
    bytesPerPacket: 105,
    traffic: mix(1, 100_000, 1e6, '--snap', 96),
  },
  {
    name: 'scattered',
    about: 'no bursts: successive packets belong to unrelated flows of 100 k',
    packets: 10_000_000,
    peerPackets: 1_000_000,
    bytesPerPacket: 96,
    traffic: ['--mode', 'scatter-zipf', '--flows', 100_000, '--snap', 96, '--seconds', 20],
  },
  {
    name: 'mix-1M',
    about: 'bursts, 1 M flows at once, headers only',
    packets: 10_000_000,
    peerPackets: 2_000_000,
    bytesPerPacket: 105,
    traffic: mix(2, 1_000_000, 1e6, '--snap', 96, '--zipf', 0.6, '--size', 9),
  },
  {
    name: 'synflood',
    about: 'one SYN a packet, each another flow',
    packets: 10_000_000,
    peerPackets: 500_000,
    floorPackets: 1_000_000, // it never forgets a flow
    bytesPerPacket: 76,
    traffic: ['--mode', 'synflood', '--pps', 5e6],
  },
  {
    name: 'dns',
    about: 'a query and its answer a flow',
    packets: 10_000_000,
    peerPackets: 500_000,
    floorPackets: 2_000_000,
    bytesPerPacket: 120,
    traffic: mix(7, 200_000, 500_000, '--dns', 100, '--udp', 0, '--icmp', 0),
  },
  {
    name: 'payload',
    about: 'bursts, whole frames',
    packets: 10_000_000,
    peerPackets: 300_000,
    bytesPerPacket: 620,
    traffic: mix(4, 50_000, 200_000),
  },
];

/** Sizes of a case when at most `limit` packets are wanted. */
export function sizesOf(entry, limit = Number.POSITIVE_INFINITY) {
  const packets = Math.min(entry.packets, limit);
  return {
    packets,
    peerPackets: Math.min(entry.peerPackets, packets),
    floorPackets: Math.min(entry.floorPackets ?? packets, packets),
  };
}
