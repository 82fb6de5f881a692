import { expect, test } from 'vitest';
import { FlowTruth, samplePackets } from '../../../src/sample/sample-traffic.js';
import type { SamplePacket } from '../../../src/sample/scene.js';

const start = { seconds: 1_767_225_600, nanos: 999_000_000 };

function packetsOf(seed: number, seconds: number): SamplePacket[] {
  const packets: SamplePacket[] = [];
  for (const packet of samplePackets({ seed, start })) {
    if (packet.seconds > start.seconds + seconds) return packets;
    packets.push(packet);
  }
  return packets;
}

const minute = packetsOf(1, 60);

test('the same seed makes the same packets, another seed makes others', () => {
  const bytes = (packets: SamplePacket[]) => Buffer.concat(packets.map((packet) => packet.bytes));
  const first = bytes(packetsOf(9, 5));
  expect(bytes(packetsOf(9, 5)).equals(first)).toBe(true);
  expect(bytes(packetsOf(10, 5)).equals(first)).toBe(false);
});

test('packets come in the order of time with whole nanoseconds', () => {
  let before = minute[0] as SamplePacket;
  for (const packet of minute) {
    const later =
      packet.seconds > before.seconds || (packet.seconds === before.seconds && packet.nanos >= before.nanos);
    if (!later || !Number.isInteger(packet.nanos) || packet.nanos < 0 || packet.nanos >= 1e9)
      expect(packet).toBe(before);
    before = packet;
  }
  expect(before.seconds).toBe(start.seconds + 60);
});

test('the pace is between 50 and 300 packets a second', () => {
  expect(minute.length / 60).toBeGreaterThan(50);
  expect(minute.length / 60).toBeLessThan(300);
});

test('a few minutes hold every kind of traffic: TCP, UDP, ICMP, ICMPv6, ARP, IPv6, a VLAN', () => {
  const kinds = new Set<string>();
  for (const { flow, bytes } of packetsOf(1, 120)) {
    kinds.add(flow.kind === 'arp' ? 'arp' : `protocol ${flow.protocol}`);
    kinds.add(flow.src.includes(':') ? 'v6' : 'v4');
    if (bytes[12] === 0x81 && bytes[13] === 0) kinds.add('vlan');
    for (const port of [22, 53, 80, 123, 443]) if (flow.dstPort === port) kinds.add(`port ${port}`);
  }
  for (const kind of ['arp', 'protocol 1', 'protocol 6', 'protocol 17', 'protocol 58', 'v4', 'v6', 'vlan']) {
    expect(kinds).toContain(kind);
  }
  for (const port of [22, 53, 80, 123, 443]) expect(kinds).toContain(`port ${port}`);
});

test('hosts come and go', () => {
  const hosts = (from: number, to: number) =>
    new Set(
      minute
        .filter((p) => p.seconds >= start.seconds + from && p.seconds < start.seconds + to)
        .map((p) => p.flow.src),
    );
  const early = hosts(0, 20);
  const late = hosts(40, 60);
  expect([...late].some((address) => !early.has(address))).toBe(true);
});

test('all addresses are private or from the documentation ranges', () => {
  const allowed = /^(10\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/;
  for (const { flow } of minute) {
    expect(flow.src).toMatch(allowed);
    expect(flow.dst).toMatch(allowed);
  }
});

test('some questions stay unanswered and some segments are sent twice', () => {
  const packets = packetsOf(3, 120);
  const truth = new FlowTruth();
  const segments = new Map<string, number>();
  for (const packet of packets) {
    truth.add(packet);
    if (packet.flow.protocol !== 6 || packet.bytes.length < 200) continue;
    const at = packet.flow.src.includes(':') ? 54 : 34;
    const shift = packet.bytes[12] === 0x81 ? 4 : 0;
    const sequence = Buffer.from(packet.bytes).readUInt32BE(at + shift + 4);
    const key = `${packet.flow.srcPort} ${packet.fromSrc} ${sequence}`;
    segments.set(key, (segments.get(key) ?? 0) + 1);
  }
  const flows = truth.flows();
  const unanswered = (protocol: number) =>
    flows.some((count) => count.flow.protocol === protocol && count.packets[1] === 0);
  expect([1, 6, 17].map(unanswered)).toEqual([true, true, true]);
  expect([...segments.values()].some((count) => count > 1)).toBe(true);
});

test('the truth counts every packet once', () => {
  const truth = new FlowTruth();
  for (const packet of minute) truth.add(packet);
  const sum = truth.flows().reduce((total, flow) => total + flow.packets[0] + flow.packets[1], 0);
  expect(sum).toBe(minute.length);
});
