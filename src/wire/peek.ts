// Looks into frame bytes without decoding the columns: what kind, which batch. Neighbour: the hub, which passes bytes on.
import { Cursor, refuse } from './cursor.js';
import type { FrameKind, ProbeStatus } from './frames.js';

/** Kinds by the field number of Frame's oneof. */
const kinds: readonly (FrameKind | undefined)[] = [
  undefined,
  'welcome',
  'batch',
  'status',
  'gap',
  'error',
  'subscribe',
];

const batchNumberField = 1;
const batchRowsField = 2;

/** What a frame is; of a batch also its number and rows. Costs about one step per column, throws 'bad-frame'. */
export function peekFrame(bytes: Uint8Array): { kind: FrameKind; number?: number; rows?: number } {
  const { kind, body } = bodyOf(bytes);
  if (kind !== 'batch') return { kind };
  let number = 0;
  let rows = 0;
  while (body.at < body.end && (number === 0 || rows === 0)) {
    const tag = body.varint();
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field === batchNumberField && wireType === 1) number = body.fixed64();
    else if (field === batchRowsField && wireType === 0) rows = body.varint();
    else body.skipValue(wireType);
  }
  return { kind, number, rows };
}

/** The last body of a frame, of which there should be one. */
export function bodyOf(bytes: Uint8Array): { kind: FrameKind; body: Cursor } {
  const frame = new Cursor(bytes);
  let kind: FrameKind | undefined;
  let body = frame;
  while (frame.at < frame.end) {
    const tag = frame.varint();
    const found = (tag & 7) === 2 ? kinds[tag >>> 3] : undefined;
    if (found) {
      const length = frame.varint();
      kind = found;
      frame.skip(length);
      body = new Cursor(bytes, frame.at - length, frame.at);
    } else frame.skipValue(tag & 7);
  }
  return kind ? { kind, body } : refuse();
}

/** The counters that are told when a probe ends, by their field numbers in ProbeStatus. */
const toldCounters = { packets: 3, records: 5, flowsOpened: 8, dropped: 9 } as const;
type ToldStatus = Pick<ProbeStatus, keyof typeof toldCounters>;
const gapReasonField = 3;

/** Of a status frame the counters that a person is told, of a gap its reason; undefined for other frames. Throws 'bad-frame'. */
export function peekReport(
  bytes: Uint8Array,
): { kind: 'status'; status: ToldStatus } | { kind: 'gap'; reason: string } | undefined {
  const { kind, body } = bodyOf(bytes);
  if (kind === 'gap') return { kind, reason: peekReason(body) };
  if (kind !== 'status') return undefined;
  const found = new Map<number, number>();
  while (body.at < body.end) {
    const tag = body.varint();
    if ((tag & 7) === 0) found.set(tag >>> 3, body.varint());
    else body.skipValue(tag & 7);
  }
  const counter = (name: keyof ToldStatus) => found.get(toldCounters[name]) ?? 0;
  const status = {
    packets: counter('packets'),
    records: counter('records'),
    flowsOpened: counter('flowsOpened'),
    dropped: counter('dropped'),
  };
  return { kind, status };
}

function peekReason(gap: Cursor): string {
  let reason = '';
  while (gap.at < gap.end) {
    const tag = gap.varint();
    if (tag === ((gapReasonField << 3) | 2)) reason = new TextDecoder().decode(gap.view());
    else gap.skipValue(tag & 7);
  }
  return reason;
}
