// The packet ring and libpcap on the same link at the same time: what the probe says must not depend on how packets came
// out of the kernel. Skipped, and said so, where namespaces cannot be made.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printAddress } from '../../src/record/address.js';
import { columns } from '../../src/record/columns.js';
import { LiveProbe, packetSockets, sendDatagrams, sendStream } from './live-probe.js';
import { Cable, inside, ip, namespacesMissing } from './namespaces.js';
import { datagram, farMac, macs, nearMac, sendFrames } from './raw-frames.js';

const missing = namespacesMissing();
// Tagged 802.1Q, 802.1ad, both, and with a priority alone; too short for what they say, or for anything; odd ethertypes.
const frames = [
  datagram(9001, 100),
  datagram(9001, 100, '81000007'),
  datagram(9001, 100, '8100e007'),
  datagram(9001, 100, '8100a000'),
  datagram(9001, 100, '88a80005'),
  datagram(9001, 100, '88a8000581000007'),
  datagram(9002, 1400, '81000008'),
  datagram(9003, 0, '81000fff'),
  `${macs}0800`,
  `${macs}8100`,
  `${macs}81000007`,
  `${macs}8100000708`,
  `${macs}810000070800`,
  `${macs}08004500`,
  `${macs}8100000708004500`,
  `${macs}88cc${'01'.repeat(40)}`,
  `${macs}0026${'42'.repeat(38)}`,
  `ffffffffffff02000000000b0806000108000604000102000000000b0a630702000000000000${'0a630701'}`,
];

/** Frames with a tag and less than 6 bytes behind it: the kernel throws them away as they come in. */
const tooShort = 4;

// Two sockets stamp a packet one after the other, and take two that come at the same moment from two CPUs in either order:
// nothing that comes of times, or of the order of segments, can be compared.
const ofTimeOrOrder =
  /^start|First$|Span$|Gap|synack|ackdat|Rtt|Jitter|Stalled|flowId|FastRetrans|TimeoutRetrans|OutOfOrder|Retrans|Spurious|LostBefore|DupAcks|TcpJumps|Address|Payload|Mac$|tunnel|inode/;
const plain = Object.keys(columns).filter((name) => !ofTimeOrOrder.test(name)) as (keyof typeof columns)[];

/** Every record as text, all that does not come of times or their order, in an order of its own. */
function recordsOf(probe: LiveProbe): string[] {
  const hexOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');
  return probe.batches
    .flatMap((batch) =>
      Array.from({ length: batch.rows }, (_, row) => {
        const values = plain.map((name) => [name, batch.column(name)(row)]).filter(([, value]) => value);
        const sides = (['src', 'dst'] as const).map((side) => [
          printAddress(batch.address(side)(row)),
          hexOf(batch.mac(side)(row)),
          hexOf(batch.payload(side)(row)),
        ]);
        return JSON.stringify([values, sides]);
      }),
    )
    .sort();
}

interface Seen {
  readonly records: string[];
  readonly counters: object;
  readonly packets: number;
}

function seenBy(probe: LiveProbe): Seen {
  expect(probe.notices).toEqual([]);
  const { packets = 0, bytes, undecoded, dropped, sources } = probe.status ?? {};
  expect(probe.accounted()).toBe(packets);
  return { records: recordsOf(probe), counters: { packets, bytes, undecoded, dropped, sources }, packets };
}

interface Way {
  readonly filter?: string;
  readonly snaplen?: number;
}

describe.skipIf(missing !== undefined)(`capture methods${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cable: Cable;
  beforeAll(() => {
    cable = new Cable();
    const { namespace, interface: name } = cable.near;
    ip('-n', namespace, 'link', 'set', name, 'address', nearMac);
    ip('-n', cable.far.namespace, 'link', 'set', cable.far.interface, 'address', farMac);
  });
  afterAll(() => cable.remove());

  /** Resolves when so many sockets stay open: a ring is preceded by a short look at the link. */
  async function openSockets(count: number): Promise<void> {
    for (let steady = 0, tries = 0; steady < 5 && tries < 400; tries++) {
      steady = packetSockets(cable) === count ? steady + 1 : 0;
      await sleep(50);
    }
  }

  /** What both methods see of the same traffic, by each of the ways at once. */
  async function both(
    ways: readonly Way[],
    traffic: () => Promise<unknown> | undefined,
    link = cable.near.interface,
  ): Promise<{ ring: Seen; pcap: Seen }[]> {
    const probes = ways.map(({ filter = '', snaplen = 262_144 }) => {
      const start = (captureMethod: 'ring' | 'pcap') => {
        const changes = { filter, statusInterval: 0, maxFlows: 1000 };
        return LiveProbe.start(cable, [link], changes, { captureMethod, snaplen, bufferBytes: 4 << 20 });
      };
      return { ring: start('ring'), pcap: start('pcap') };
    });
    await openSockets(2 * ways.length);
    await traffic();
    await sleep(300);
    await Promise.all(probes.flatMap(({ ring, pcap }) => [ring.end(), pcap.end()]));
    return probes.map(({ ring, pcap }) => ({ ring: seenBy(ring), pcap: seenBy(pcap) }));
  }

  function offload(on: boolean): void {
    const { namespace, interface: name } = cable.near;
    const state = on ? 'on' : 'off';
    inside(namespace, 'ethtool', '-K', name, 'rxvlan', state, 'txvlan', state);
  }

  test.each([true, false])('tagged and short frames, with offload of VLAN tags %s', async (on) => {
    offload(on);
    const seen = await both([{}, { snaplen: 64 }, { filter: 'vlan 7' }], async () => {
      // What is sent this way has its tag in the frame; from what comes the kernel takes it off. A flow tells the tag that
      // it saw last, so what comes is the last.
      sendFrames(cable.near, frames);
      sendFrames(cable.far, frames);
    });
    offload(true);
    for (const { ring, pcap } of seen) expect(ring).toEqual(pcap);
    expect(seen[0]?.ring.packets).toBe(2 * frames.length - tooShort);
    expect(seen[1]?.ring.records.join()).toContain('["srcVlan",57351]');
  });

  test('capture filters, those of VLAN tags as well', async () => {
    // So many of the frames pass. The kernel has taken off the outermost tag when its filter looks at the frame.
    const expected: [string, number][] = [
      ['vlan', 8],
      ['vlan 7', 3],
      ['not vlan', 6],
      ['vlan 7 and udp port 9001', 2],
      ['vlan and vlan 7', 1],
      ['udp port 9001', 5],
      ['udp port 9001 or (vlan and udp port 9001)', 5],
      ['arp', 1],
      ['ether proto 0x88cc', 1],
      ['greater 1000', 1],
      ['less 20', 3],
      [`ether src ${farMac} and not ip`, 4],
    ];
    const seen = await both(
      expected.map(([filter]) => ({ filter })),
      async () => sendFrames(cable.far, frames),
    );
    for (const { ring, pcap } of seen) expect(ring).toEqual(pcap);
    expect(seen.map(({ ring }, index) => [expected[index]?.[0], ring.packets])).toEqual(expected);
  });

  test('a TCP stream in segments far larger than the snaplen', async () => {
    const seen = await both([{}, { snaplen: 200 }], () => sendStream(cable, 2_000_000));
    for (const { ring, pcap } of seen) expect(ring).toEqual(pcap);
  });

  test('the loopback, where each packet is seen once', async () => {
    const seen = await both(
      [{}, { filter: 'icmp' }],
      async () => inside(cable.near.namespace, 'ping', '-c', '5', '-i', '0.1', '127.0.0.1'),
      'lo',
    );
    for (const { ring, pcap } of seen) {
      expect(ring.records).toEqual(pcap.records);
      expect(ring.packets).toBe(10);
      expect(pcap.packets).toBe(10);
    }
  });

  test('many packets, none lost and none twice', async () => {
    const [seen] = await both([{ filter: 'udp port 9999' }], () => sendDatagrams(cable, 5000, 9999));
    expect(seen?.ring).toEqual(seen?.pcap);
    expect(seen?.ring.packets).toBe(5000);
  });
});
