// A TCP connection seen from the probe between client and server: handshake, data in flights with
// acknowledgments, loss on either side of the probe, reordering, and the ways to end. Times are ns.
import { downLink, type Host, upLink } from './network.js';
import { tcpFlags as flag, tcpFrame, tcpOptions } from './packet.js';
import type { FlowLabel, Scene } from './scene.js';

export type Side = 'client' | 'server';

export interface TcpPath {
  readonly client: Host;
  readonly server: Host;
  readonly v6: boolean;
  readonly serverPort: number;
  /** Share of data segments that are lost, half of them before the probe sees them. */
  readonly loss?: number;
  /** Share of data segments that a later one overtakes. */
  readonly reordering?: number;
}

interface End {
  sequence: number;
  ipId: number;
  window: number;
  readonly address: string;
  readonly port: number;
  readonly delayNs: number;
  readonly clockOffsetMs: number;
}

interface Segment {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly arrivesNs: number;
  readonly lost: boolean;
}

const retransmissionTimeoutNs = 250e6;
const windowShift = 7;

export class TcpDialogue {
  readonly #scene: Scene;
  readonly #path: TcpPath;
  readonly #flow: FlowLabel;
  readonly #ends: Record<Side, End>;
  readonly #mss: number;
  readonly #startNs: number;
  /** When the next thing happens, ns; conversations let time pass by adding to it. */
  now: number;

  constructor(scene: Scene, path: TcpPath, startNs: number) {
    const { random, network } = scene;
    this.#scene = scene;
    this.#path = path;
    this.#startNs = startNs;
    this.now = startNs;
    this.#mss = path.v6 ? 1428 : 1448;
    const end = (host: Host, port: number): End => ({
      sequence: random.uint32(),
      ipId: random.whole(1, 65535),
      window: random.whole(400, 502),
      address: path.v6 ? host.v6 : host.v4,
      port,
      delayNs: host.delayNs,
      clockOffsetMs: random.whole(1, 2 ** 30),
    });
    this.#ends = { client: end(path.client, network.port()), server: end(path.server, path.serverPort) };
    const { client, server } = this.#ends;
    this.#flow = {
      kind: 'ip',
      protocol: 6,
      src: client.address,
      dst: server.address,
      srcPort: client.port,
      dstPort: server.port,
    };
  }

  /** A SYN that nobody hears, and the tries after 1, 2 and 4 s. */
  callInVain(tries: number): void {
    for (let count = 0; count < tries; count++) {
      this.#synAt(this.now);
      this.now += 2 ** count * 1e9;
    }
  }

  /** A SYN that is answered by a RST. */
  beRefused(): void {
    this.#synAt(this.now);
    this.#advance('client', 1);
    this.now += this.#rtt();
    this.#segment('server', this.now, flag.rst | flag.ack, { window: 0 });
  }

  /** The three-way handshake. */
  open(): void {
    this.#synAt(this.now);
    this.#advance('client', 1);
    this.now += this.#jittered(2 * this.#ends.server.delayNs);
    this.#segment('server', this.now, flag.syn | flag.ack, { options: this.#synOptions('server') });
    this.#advance('server', 1);
    this.now += this.#jittered(2 * this.#ends.client.delayNs);
    this.#segment('client', this.now, flag.ack);
  }

  /** Sends bytes in flights of a growing window; the other side acknowledges every second segment. */
  send(from: Side, bytes: Uint8Array): void {
    this.now += this.#scene.random.between(15e3, 60e3); // until the program has called send()
    let flight = 10;
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + flight * this.#mss);
      this.#sendFlight(from, bytes.subarray(at, end));
      at = end;
      flight = Math.min(40, flight * 2);
    }
  }

  /** FIN from one side, FIN from the other, the last ACK. */
  close(first: Side): void {
    const second = other(first);
    this.#segment(first, this.now, flag.fin | flag.ack);
    this.#advance(first, 1);
    this.now += this.#roundTrip(second);
    this.#segment(second, this.now, flag.fin | flag.ack);
    this.#advance(second, 1);
    this.now += this.#roundTrip(first);
    this.#segment(first, this.now, flag.ack);
  }

  reset(from: Side): void {
    this.#segment(from, this.now, flag.rst | flag.ack, { window: 0 });
  }

  #sendFlight(from: Side, bytes: Uint8Array): void {
    const segments = this.#sendSegments(from, bytes);
    const receiver = other(from);
    const backNs = this.#ends[receiver].delayNs;
    const arrived = new Set<Segment>();
    let unacknowledged = 0;
    let duplicates = 0;
    let lastNs = this.now;
    for (const segment of segments.filter((each) => !each.lost).sort((a, b) => a.arrivesNs - b.arrivesNs)) {
      arrived.add(segment);
      const missing = segments.find((each) => !arrived.has(each));
      const hole = missing !== undefined && after(segment.sequence, missing.sequence);
      if (hole) duplicates++;
      lastNs = Math.max(lastNs, segment.arrivesNs + backNs);
      if (!hole && ++unacknowledged < 2 && missing) continue;
      this.#segment(receiver, lastNs, flag.ack, missing && { acknowledgment: missing.sequence });
      unacknowledged = 0;
    }
    const lost = segments.filter((segment) => segment.lost);
    if (lost.length > 0) {
      let resentNs = lastNs + (duplicates >= 3 ? 2 * this.#ends[from].delayNs : retransmissionTimeoutNs);
      for (const segment of lost) {
        this.#segment(from, resentNs, flag.ack | flag.psh, segment);
        lastNs = resentNs + 2 * backNs;
        resentNs += 50e3;
      }
      this.#segment(receiver, lastNs, flag.ack);
    }
    this.now = lastNs + this.#jittered(2 * this.#ends[from].delayNs);
  }

  /** The data segments of one flight, as the probe sees them; the lost ones may or may not be among these. */
  #sendSegments(from: Side, bytes: Uint8Array): Segment[] {
    const { random } = this.#scene;
    const segments: Segment[] = [];
    for (let at = 0; at < bytes.length; at += this.#mss) {
      const payload = bytes.subarray(at, at + this.#mss);
      const sequence = this.#ends[from].sequence;
      const last = at + this.#mss >= bytes.length;
      const lost = random.chance(this.#path.loss ?? 0);
      const overtaken = !last && random.chance(this.#path.reordering ?? 0);
      const seenNs = this.now + (overtaken ? random.between(100e3, 900e3) : 0);
      const unseen = lost && random.chance(0.5);
      if (unseen) this.#ends[from].ipId++;
      else this.#segment(from, seenNs, flag.ack | (last ? flag.psh : 0), { sequence, payload });
      segments.push({ sequence, payload, lost, arrivesNs: seenNs + this.#ends[other(from)].delayNs });
      this.#advance(from, payload.length);
      this.now += 12e3 + random.between(0, 8e3);
    }
    return segments;
  }

  #synAt(atNs: number): void {
    this.#segment('client', atNs, flag.syn, { options: this.#synOptions('client'), acknowledgment: 0 });
  }

  #synOptions(side: Side): Uint8Array {
    const timestamp = this.#timestamp(side, this.now);
    return tcpOptions({ mss: this.#mss + 12, sackPermitted: true, timestamp, windowShift });
  }

  #timestamp(side: Side, atNs: number): { value: number; echo: number } {
    const clock = (of: Side) => this.#ends[of].clockOffsetMs + Math.floor((atNs - this.#startNs) / 1e6);
    return { value: clock(side), echo: atNs === this.#startNs ? 0 : clock(other(side)) };
  }

  #segment(
    from: Side,
    atNs: number,
    flags: number,
    of: {
      sequence?: number;
      acknowledgment?: number;
      window?: number;
      options?: Uint8Array;
      payload?: Uint8Array;
    } = {},
  ): void {
    const sender = this.#ends[from];
    const receiver = this.#ends[other(from)];
    const fromClient = from === 'client';
    const link = fromClient ? upLink(this.#path.client) : downLink(this.#path.client);
    sender.ipId = (sender.ipId + 1) & 0xffff;
    const header = { src: sender.address, dst: receiver.address, id: sender.ipId, ttl: fromClient ? 64 : 54 };
    const bytes = tcpFrame(link, header, {
      srcPort: sender.port,
      dstPort: receiver.port,
      sequence: (of.sequence ?? sender.sequence) >>> 0,
      acknowledgment: (of.acknowledgment ?? receiver.sequence) >>> 0,
      flags,
      window: of.window ?? (flags & flag.syn ? 64240 : sender.window),
      options: of.options ?? tcpOptions({ timestamp: this.#timestamp(from, atNs) }),
      ...(of.payload && { payload: of.payload }),
    });
    this.#scene.emit(atNs, bytes, this.#flow, fromClient);
  }

  #advance(side: Side, length: number): void {
    this.#ends[side].sequence = (this.#ends[side].sequence + length) >>> 0;
  }

  /** From the probe to one side and back. */
  #roundTrip(side: Side): number {
    return this.#jittered(2 * this.#ends[side].delayNs);
  }

  #rtt(): number {
    return this.#roundTrip('client') + this.#roundTrip('server');
  }

  #jittered(ns: number): number {
    return ns * this.#scene.random.between(1, 1.15);
  }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

/** Modulo 2^32. */
function after(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}
