// What the segments of a real TCP connection were, told with full memory: each sequence number ever seen is remembered.
// It knows that the path keeps order and that the sender sends new data in order, so that it needs no guess: what fills
// a hole was sent again. Neighbour: conversation.ts has the segments from the taps.

export interface Segment {
  readonly timeNs: bigint;
  readonly source: number;
  readonly target: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  /** Of payload. */
  readonly bytes: number;
  readonly ce: boolean;
}

export const Flag = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

const distance = (from: number, to: number) => (to - from) | 0;

/** Sequence numbers that a segment takes: data, SYN, FIN. */
export function numbers(segment: Segment): number {
  return segment.bytes + (segment.flags & Flag.syn ? 1 : 0) + (segment.flags & Flag.fin ? 1 : 0);
}

/** The segments of one side. */
export interface Told {
  readonly packets: number;
  /** Segments with data, SYN or FIN. */
  readonly carrying: number;
  readonly bytes: number;
  /** At least one number was seen before. */
  readonly again: number;
  /** Payload bytes of them that were. */
  readonly againBytes: number;
  /** Fills a hole. */
  readonly filling: number;
  /** Also in `again`. */
  readonly synAgain: number;
  readonly zeroWindows: number;
  readonly ce: number;
}

export function tell(segments: readonly Segment[], source: (segment: Segment) => boolean): Told {
  const told = {
    packets: 0,
    carrying: 0,
    bytes: 0,
    again: 0,
    againBytes: 0,
    filling: 0,
    synAgain: 0,
    zeroWindows: 0,
    ce: 0,
  };
  let base: number | undefined;
  let next = 0;
  const seen: boolean[] = [];
  for (const segment of segments.filter(source)) {
    told.packets++;
    told.bytes += segment.bytes;
    if (segment.ce) told.ce++;
    const special = segment.flags & (Flag.syn | Flag.fin | Flag.rst);
    if (segment.window === 0 && special === 0) told.zeroWindows++;
    const length = numbers(segment);
    if (length === 0) continue;
    told.carrying++;
    base ??= segment.seq;
    const start = distance(base, segment.seq);
    const data = start + (segment.flags & Flag.syn ? 1 : 0);
    let before = 0;
    let bytesBefore = 0;
    for (let at = start; at < start + length; at++) {
      if (seen[at]) before++;
      if (seen[at] && at >= data && at < data + segment.bytes) bytesBefore++;
      seen[at] = true;
    }
    if (before > 0) {
      told.again++;
      told.againBytes += bytesBefore;
      if (segment.flags & Flag.syn) told.synAgain++;
    } else if (start < next) {
      told.filling++;
    }
    next = Math.max(next, start + length);
  }
  return told;
}

/**
 * Segments that pass the probe again although all of their numbers had come to the receiver by then, at whose
 * interface `arrived` were seen.
 */
export function needless(passed: readonly Segment[], arrived: readonly Segment[]): number {
  const first = passed.find((segment) => numbers(segment) > 0);
  if (first === undefined) return 0;
  const cameAt: bigint[] = [];
  for (const segment of arrived) {
    const start = distance(first.seq, segment.seq);
    for (let at = start; at < start + numbers(segment); at++) cameAt[at] ??= segment.timeNs;
  }
  return passed.filter((segment) => {
    const start = distance(first.seq, segment.seq);
    const all = Array.from({ length: numbers(segment) }, (_, index) => cameAt[start + index]);
    return all.length > 0 && all.every((time) => time !== undefined && time < segment.timeNs);
  }).length;
}

/** Payload bytes of each segment that passes again within a millisecond of one that is equal in all but the payload. */
export function equalAtOnce(segments: readonly Segment[]): number[] {
  const last = new Map<string, bigint>();
  return segments.flatMap((segment) => {
    const { timeNs, source, seq, ack, flags, window, bytes } = segment;
    const key = [source, seq, ack, flags, window, bytes].join();
    const before = last.get(key);
    last.set(key, timeNs);
    return numbers(segment) > 0 && before !== undefined && timeNs - before <= 1_010_000n ? [bytes] : [];
  });
}

/** How long each segment with data, SYN or FIN waited for the ACK of all of it, in ns; for a sender that sends one at a
 *  time, and a path that loses nothing. */
export function roundTrips(sent: readonly Segment[], answers: readonly Segment[]): number[] {
  return sent
    .filter((segment) => numbers(segment) > 0)
    .map((segment) => {
      const end = segment.seq + numbers(segment);
      const answer = answers.find(
        (one) => one.timeNs >= segment.timeNs && one.flags & Flag.ack && distance(end, one.ack) >= 0,
      );
      return answer === undefined ? Number.NaN : Number(answer.timeNs - segment.timeNs);
    });
}

/** How often and how long one side's window was closed. */
export function closedWindows(segments: readonly Segment[]): { times: number; ns: number } {
  let times = 0;
  let ns = 0n;
  let since: bigint | undefined;
  for (const segment of segments) {
    if (segment.flags & (Flag.syn | Flag.fin | Flag.rst)) continue;
    if (segment.window === 0) {
      if (since === undefined) times++;
      since ??= segment.timeNs;
    } else if (since !== undefined) {
      ns += segment.timeNs - since;
      since = undefined;
    }
  }
  return { times, ns: Number(ns) };
}
