// One real TCP connection over a Path, seen by the probe, by both kernels and by taps at both ends and beside the probe.
// Neighbours: real-stacks.test.ts compares what they say, by tcp-witness.ts.

import type { ProbeStatus } from '../../src/wire/frames.js';
import { counters, type Family, type Path } from './path.js';
import { FileProbe, Helper, type RecordOf, support } from './path-processes.js';
import type { Segment } from './tcp-witness.js';

/** What the two ends are to do. */
export interface Job {
  readonly family: Family;
  readonly bytes: number;
  readonly seed: number;
  /** Least and most bytes of what the sender writes at once. */
  readonly pieces: readonly [number, number];
  readonly sendBuffer?: number;
  readonly receiveBuffer?: number;
  /** The receiver waits so long before it reads. */
  readonly receiverPauseMs?: number;
  /** The sender waits so long before it closes. */
  readonly senderPauseMs?: number;
  readonly keepAlives?: boolean;
  /** The sender waits for the ACK of each piece. */
  readonly stepwise?: boolean;
}

/** TCP_INFO, as `ss -ti` prints it; times in microseconds. */
export interface StackInfo {
  readonly rtt: number;
  readonly minRtt: number;
  readonly totalRetrans: number;
  readonly segsOut: number;
  readonly dataSegsOut: number;
  readonly rwndLimited: number;
  readonly deliveredCe: number;
  readonly bytesSent: number;
  readonly bytesRetrans: number;
  readonly dsackDups: number;
  readonly reordSeen: number;
}

/** What one side's kernel says. */
export interface Stack extends StackInfo {
  /** The namespace's counters, of this connection alone. */
  readonly kernel: Record<string, number>;
}

export interface Conversation {
  readonly sender: Stack;
  readonly receiver: Stack & { readonly received: number; readonly resumedNs: string };
  /** As they left the sender or came to it, as they passed the probe, and the same of the receiver. */
  readonly atSender: readonly Segment[];
  readonly atProbe: readonly Segment[];
  readonly atReceiver: readonly Segment[];
  /** The connection's only record; src is the sender. */
  readonly record: RecordOf;
  readonly status: ProbeStatus;
}

class Tap {
  readonly #helper: Helper;

  private constructor(helper: Helper) {
    this.#helper = helper;
  }

  static async open(at: { namespace: string; interface: string }): Promise<Tap> {
    const helper = new Helper(at.namespace, ['python3', support('wire-tap.py'), at.interface]);
    await helper.line();
    return new Tap(helper);
  }

  async close(): Promise<Segment[]> {
    this.#helper.closeInput();
    const { segments, drops, full } = JSON.parse(await this.#helper.line());
    await this.#helper.end();
    if (drops !== 0 || full) throw new Error('the tap lost segments');
    return segments.map((segment: Segment & { timeNs: string }) => ({
      ...segment,
      timeNs: BigInt(segment.timeNs),
    }));
  }
}

function since(before: Record<string, number>, now: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)]));
}

export async function converse(path: Path, job: Job): Promise<Conversation> {
  const [atSender, atProbe, atReceiver] = await Promise.all([
    Tap.open(path.sending),
    Tap.open(path.probed),
    Tap.open(path.receiving),
  ]);
  const probe = await FileProbe.open(path.probed);
  const before = { sender: counters(path.sender), receiver: counters(path.receiver) };
  const common = { address: path.address(job.family), port: path.port };
  const peer = (namespace: string, part: object) =>
    new Helper(namespace, ['python3', support('tcp-peer.py'), JSON.stringify({ ...common, ...part })]);
  const receiver = peer(path.receiver, {
    role: 'receiver',
    receiveBuffer: job.receiveBuffer ?? 0,
    pauseMs: job.receiverPauseMs ?? 0,
  });
  await receiver.line();
  const sender = peer(path.sender, {
    role: 'sender',
    bytes: job.bytes,
    seed: job.seed,
    pieces: job.pieces,
    sendBuffer: job.sendBuffer ?? 0,
    pauseMs: job.senderPauseMs ?? 0,
    keepAlives: job.keepAlives ?? false,
    stepwise: job.stepwise ?? false,
  });
  const said = { sender: JSON.parse(await sender.line()), receiver: JSON.parse(await receiver.line()) };
  await Promise.all([sender.end(), receiver.end()]);
  const kernel = {
    sender: since(before.sender, counters(path.sender)),
    receiver: since(before.receiver, counters(path.receiver)),
  };
  const { records, status } = await probe.close();
  const [record, more] = records.filter((one) => one('protocol') === 6);
  if (record === undefined || more !== undefined) throw new Error(`${records.length} records`);
  return {
    sender: { ...said.sender, kernel: kernel.sender },
    receiver: { ...said.receiver, kernel: kernel.receiver },
    atSender: await atSender.close(),
    atProbe: await atProbe.close(),
    atReceiver: await atReceiver.close(),
    record,
    status,
  };
}
