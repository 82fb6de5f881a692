// Endless sample traffic, the same for the same seed: conversations that overlap, their packets in the order
// of time. Feeds the probe in the main job, and tests that know the truth about each flow.
import type { PacketTime } from './capture-writer.js';
import { pickConversation } from './conversations.js';
import { Network } from './network.js';
import { PacketHeap } from './packet-heap.js';
import { Random } from './random.js';
import type { FlowLabel, SamplePacket, Scene } from './scene.js';

export interface SampleOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Time of the first conversation; default: 2026-01-01 00:00 UTC. */
  readonly start?: PacketTime;
  /** Mean conversations a second; the rate swells and ebbs around it. Default 7: about 140 packets a second. */
  readonly conversationsPerSecond?: number;
}

const waveSeconds = 180;
const driftNs = 8e9;

/** Packets in the order of time, without end. Memory is bounded by the conversations going on. */
export function* samplePackets(options: SampleOptions = {}): Generator<SamplePacket, never, undefined> {
  const random = new Random(options.seed ?? 1);
  const start = options.start ?? { seconds: 1767225600, nanos: 0 };
  const perSecond = options.conversationsPerSecond ?? 7;
  const waiting = new PacketHeap();
  const network = new Network(random);
  const scene: Scene = {
    random,
    network,
    emit: (atNs, bytes, flow, fromSrc) => waiting.push({ atNs: Math.round(atNs), bytes, flow, fromSrc }),
  };
  let driftedNs = 0;
  for (let nowNs = 0; ; ) {
    pickConversation(random)(scene, nowNs);
    const wave = 1 + 0.4 * Math.sin((2 * Math.PI * nowNs) / 1e9 / waveSeconds);
    nowNs += random.exponential(1e9 / (perSecond * wave));
    for (; nowNs - driftedNs > driftNs; driftedNs += driftNs) network.drift();
    for (let next = waiting.popUntil(nowNs); next; next = waiting.popUntil(nowNs)) {
      const { atNs, bytes, flow, fromSrc } = next;
      const nanos = start.nanos + (atNs % 1e9);
      const carry = nanos >= 1e9 ? 1 : 0;
      const seconds = start.seconds + Math.floor(atNs / 1e9) + carry;
      yield { seconds, nanos: nanos - carry * 1e9, bytes, flow, fromSrc };
    }
  }
}

export interface FlowCount {
  readonly flow: FlowLabel;
  /** [from src, from dst] */
  readonly packets: [number, number];
  readonly bytes: [number, number];
}

/** The truth about the packets that were taken, by flow. */
export class FlowTruth {
  readonly #flows = new Map<string, FlowCount>();

  add(packet: SamplePacket): void {
    const { flow } = packet;
    const key = [
      flow.kind,
      flow.protocol,
      flow.src,
      flow.srcPort,
      flow.dst,
      flow.dstPort,
      flow.id ?? '',
    ].join(' ');
    let count = this.#flows.get(key);
    if (!count) {
      count = { flow, packets: [0, 0], bytes: [0, 0] };
      this.#flows.set(key, count);
    }
    const side = packet.fromSrc ? 0 : 1;
    count.packets[side]++;
    count.bytes[side] += packet.bytes.length;
  }

  flows(): FlowCount[] {
    return [...this.#flows.values()];
  }
}
