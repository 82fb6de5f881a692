import { expect, test } from 'vitest';
import { checksum, concat, u32 } from '../../../src/sample/bytes.js';
import {
  arpFrame,
  echoFrame,
  ethernet,
  ip,
  ipFrame,
  tcpFlags,
  tcpFrame,
  tcpOptions,
  udpFrame,
} from '../../../src/sample/packet.js';

const link = { srcMac: '02:00:00:00:00:01', dstMac: '02:00:00:00:00:02' };
const v4 = { src: '10.0.0.1', dst: '192.0.2.9' };
const v6 = { src: '2001:db8::1', dst: '2001:db8:0:1::9' };

test('an IPv4 header sums to zero and has its length', () => {
  const packet = ip({ ...v4, id: 0x1234, ttl: 7 }, 17, new Uint8Array(11));
  expect(checksum(packet.slice(0, 20))).toBe(0);
  expect([...packet.slice(0, 10)]).toEqual([0x45, 0, 0, 31, 0x12, 0x34, 0x40, 0, 7, 17]);
  expect([...packet.slice(12, 20)]).toEqual([10, 0, 0, 1, 192, 0, 2, 9]);
});

test('an IPv6 header has the payload length and both addresses', () => {
  const packet = ip({ ...v6, tos: 0xb8 }, 58, new Uint8Array(8));
  expect([...packet.slice(0, 8)]).toEqual([0x6b, 0x80, 0, 0, 0, 8, 58, 64]);
  expect([...packet.slice(24, 40)]).toEqual([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]);
});

test('a known TCP header is built byte for byte', () => {
  const options = tcpOptions({ mss: 1460 });
  const frame = tcpFrame(link, v4, {
    srcPort: 1,
    dstPort: 80,
    sequence: 5,
    flags: tcpFlags.syn,
    window: 512,
    options,
  });
  expect([...frame.slice(34, 50)]).toEqual([0, 1, 0, 80, 0, 0, 0, 5, 0, 0, 0, 0, 0x60, 2, 2, 0]);
  expect([...frame.slice(54, 58)]).toEqual([2, 4, 5, 0xb4]);
});

test.each([
  [
    'TCP over IPv4',
    tcpFrame(link, v4, {
      srcPort: 1,
      dstPort: 2,
      sequence: 0xffffffff,
      flags: 16,
      payload: Uint8Array.of(7),
    }),
    34,
    6,
  ],
  ['UDP over IPv4', udpFrame(link, v4, { srcPort: 1, dstPort: 2, payload: Uint8Array.of(1, 2, 3) }), 34, 17],
  [
    'TCP over IPv6',
    tcpFrame(link, v6, { srcPort: 1, dstPort: 2, sequence: 1, flags: 2, payload: Uint8Array.of(7, 8, 9) }),
    54,
    6,
  ],
  ['UDP over IPv6', udpFrame(link, v6, { srcPort: 1, dstPort: 2, payload: Uint8Array.of(1) }), 54, 17],
  ['ICMPv6', echoFrame(link, v6, 'request', 7, 1), 54, 58],
])('the checksum of %s verifies over its pseudo header', (_name, frame, at, protocol) => {
  const isV6 = at === 54;
  const length = isV6
    ? (frame[18] ?? 0) * 256 + (frame[19] ?? 0)
    : (frame[16] ?? 0) * 256 + (frame[17] ?? 0) - 20;
  const segment = frame.slice(at, at + length);
  const addresses = isV6 ? frame.slice(22, 54) : frame.slice(26, 34);
  expect(checksum(concat(addresses, u32(segment.length), u32(protocol)), segment)).toBe(0);
});

test('an ICMPv4 message sums to zero by itself', () => {
  const frame = echoFrame(link, v4, 'reply', 0xabcd, 3);
  expect(checksum(frame.slice(34))).toBe(0);
  expect([...frame.slice(34, 36), ...frame.slice(38, 42)]).toEqual([0, 0, 0xab, 0xcd, 0, 3]);
});

test('short frames are padded to 60 bytes and the IP length does not count the padding', () => {
  const frame = udpFrame(link, v4, { srcPort: 1, dstPort: 2 });
  expect(frame.length).toBe(60);
  expect((frame[16] ?? 0) * 256 + (frame[17] ?? 0)).toBe(28);
});

test('one VLAN tag is 802.1Q, two are 802.1ad and 802.1Q', () => {
  const one = ethernet({ ...link, vlans: [20] }, 0x0800, new Uint8Array(46));
  expect([...one.slice(12, 18)]).toEqual([0x81, 0, 0, 20, 8, 0]);
  const two = ethernet({ ...link, vlans: [0x6064, 20] }, 0x0800, new Uint8Array(46));
  expect([...two.slice(12, 22)]).toEqual([0x88, 0xa8, 0x60, 0x64, 0x81, 0, 0, 20, 8, 0]);
});

test('fragments carry their offset in units of 8 bytes', () => {
  const frame = ipFrame(link, { ...v4, fragment: { offset: 1480, more: true } }, 17, new Uint8Array(40));
  expect((frame[20] ?? 0) * 256 + (frame[21] ?? 0)).toBe(0x2000 | 185);
});

test('TCP options are padded to whole words', () => {
  for (const options of [
    { mss: 1 },
    { sackPermitted: true },
    { windowShift: 7 },
    { timestamp: { value: 1, echo: 2 } },
  ]) {
    expect(tcpOptions(options).length % 4).toBe(0);
  }
});

test('an ARP request names sender and target', () => {
  const arp = {
    senderMac: link.srcMac,
    sender: '10.0.0.1',
    targetMac: '00:00:00:00:00:00',
    target: '10.0.0.2',
  };
  const frame = arpFrame(link, { operation: 'request', ...arp });
  expect([...frame.slice(12, 22)]).toEqual([8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
  expect([...frame.slice(28, 32), ...frame.slice(38, 42)]).toEqual([10, 0, 0, 1, 10, 0, 0, 2]);
});
