// What a conversation needs while it is played: chance, hosts, and a place for its packets. The traffic
// generator sorts them by time.
import type { PacketTime } from './capture-writer.js';
import type { Network } from './network.js';
import type { Random } from './random.js';

/** Which flow a packet belongs to, by the one who knows; src is the initiator. */
export interface FlowLabel {
  readonly kind: 'ip' | 'arp';
  readonly protocol: number;
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  /** ICMP echo id or DNS transaction id. */
  readonly id?: number;
}

export interface SamplePacket extends PacketTime {
  readonly bytes: Uint8Array;
  readonly flow: FlowLabel;
  readonly fromSrc: boolean;
}

export interface Scene {
  readonly random: Random;
  readonly network: Network;
  /** `atNs`: when the probe sees it, ns since the traffic began; never before the conversation began. */
  emit(atNs: number, bytes: Uint8Array, flow: FlowLabel, fromSrc: boolean): void;
}

/** Plays all packets of one conversation that begins at `startNs`. */
export type Conversation = (scene: Scene, startNs: number) => void;
