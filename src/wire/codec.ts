// Frame bytes <-> frames, through the generated protobuf code. Neighbours: server and client hand bytes in and out,
// FlowBatch checks and reads what a batch holds.
import { PanoptesError } from '../errors.js';
import type { BatchParts, ColumnData } from '../record/flow-batch.js';
import { FlowBatch } from '../record/flow-batch.js';
import { viewOf } from '../record/pieces.js';
import type { Frame, Gap, ProbeStatus, StreamError, Subscribe, Welcome } from './frames.js';
import { panoptes } from './generated/panoptes.js';
import { bodyOf } from './peek.js';
import { readBatch } from './read-batch.js';
import { encodeGap, encodeWelcome } from './small-frames.js';

const v1 = panoptes.v1;
type Message<Name extends 'Welcome' | 'ProbeStatus' | 'Gap' | 'Error' | 'Subscribe'> = InstanceType<
  (typeof v1)[Name]
>;

function refuse(what: string, cause?: unknown): never {
  throw new PanoptesError('bad-frame', `malformed frame: ${what}`, undefined, cause);
}

/** Decodes one frame. Any bytes in; throws PanoptesError('bad-frame') and nothing else. The bytes are used in place. */
export function decodeFrame(bytes: Uint8Array): Frame {
  try {
    const { kind, body } = bodyOf(bytes);
    if (kind === 'batch') return { kind, batch: new FlowBatch(readBatch(bytes, body.at, body.end)) };
    return readFrame(v1.Frame.decode(bytes));
  } catch (error) {
    if (error instanceof PanoptesError) throw error;
    refuse(error instanceof Error ? error.message : String(error), error);
  }
}

function readFrame(frame: InstanceType<typeof v1.Frame>): Frame {
  switch (frame.body) {
    case 'welcome':
      return { kind: 'welcome', welcome: readWelcome(frame.welcome as Message<'Welcome'>) };
    case 'status':
      return { kind: 'status', status: readStatus(frame.status as Message<'ProbeStatus'>) };
    case 'gap':
      return { kind: 'gap', gap: readGap(frame.gap as Message<'Gap'>) };
    case 'error':
      return { kind: 'error', error: readError(frame.error as Message<'Error'>) };
    case 'subscribe':
      return { kind: 'subscribe', subscribe: readSubscribe(frame.subscribe as Message<'Subscribe'>) };
    default:
      return refuse('none of the known kinds');
  }
}

// Counters stay under 2^53; more is not a count of anything, and would not survive as a number.
function count(value: number): number {
  return Number.isSafeInteger(value) && value >= 0 ? value : refuse(`a counter of ${value}`);
}

function readWelcome(message: Message<'Welcome'>): Welcome {
  return {
    probeId: message.probeId,
    version: message.version,
    schema: message.schema,
    startSeconds: count(message.startSeconds),
    runId: message.runId,
    firstBatch: count(message.firstBatch),
    lastBatch: count(message.lastBatch),
    source: message.source,
  };
}

function readSubscribe(message: Message<'Subscribe'>): Subscribe {
  return {
    filter: message.filter,
    after: count(message.after),
    runId: message.runId,
    wantPayload: message.wantPayload,
    wantAll: message.wantAll,
  };
}

function readGap(message: Message<'Gap'>): Gap {
  return {
    batches: count(message.batches),
    records: count(message.records),
    reason: message.reason,
    packets: count(message.packets),
  };
}

function readError(message: Message<'Error'>): StreamError {
  return { code: message.code, message: message.message, hint: message.hint };
}

function readStatus(message: Message<'ProbeStatus'>): ProbeStatus {
  // The reasons come from a peer: built from entries, so that a reason '__proto__' is only a name.
  const undecoded = new Map<string, number>();
  for (const entry of message.undecoded) {
    const reason = entry.reason ?? '';
    undecoded.set(reason, (undecoded.get(reason) ?? 0) + count(entry.packets ?? 0));
  }
  return {
    timeSeconds: count(message.timeSeconds),
    timeNanos:
      message.timeNanos < 1e9 ? message.timeNanos : refuse(`${message.timeNanos} nanoseconds in a second`),
    packets: count(message.packets),
    bytes: count(message.bytes),
    records: count(message.records),
    batches: count(message.batches),
    flows: count(message.flows),
    flowsOpened: count(message.flowsOpened),
    dropped: count(message.dropped),
    evicted: count(message.evicted),
    undecoded: Object.fromEntries(undecoded),
    batchesDropped: count(message.batchesDropped),
    recordsDropped: count(message.recordsDropped),
    packetsDroppedInRecords: count(message.packetsDroppedInRecords),
    queuedBatches: count(message.queuedBatches),
    queuedBytes: count(message.queuedBytes),
    sources: message.sources.map((source) => ({
      name: source.name ?? '',
      received: count(source.received ?? 0),
      dropped: count(source.dropped ?? 0),
      ifDropped: count(source.ifDropped ?? 0),
    })),
    maxFlows: count(message.maxFlows),
    payloadSkipped: count(message.payloadSkipped),
    fragmentsHeld: count(message.fragmentsHeld),
    fragmentsJoined: count(message.fragmentsJoined),
    fragmentsOrphaned: count(message.fragmentsOrphaned),
    fragmentsOverflow: count(message.fragmentsOverflow),
    extraSkipped: count(message.extraSkipped),
    tcpSkipped: count(message.tcpSkipped),
    tcpHolesOverflow: count(message.tcpHolesOverflow),
    gapClassesSkipped: count(message.gapClassesSkipped),
    rtpSkipped: count(message.rtpSkipped),
    responseSkipped: count(message.responseSkipped),
    intervalDropped: count(message.intervalDropped),
    notesDropped: count(message.notesDropped),
    last: message.last,
  };
}

/** The bytes of a frame. */
export function encodeFrame(frame: Exclude<Frame, { kind: 'batch' }>): Uint8Array {
  switch (frame.kind) {
    case 'welcome':
      return encodeWelcome(frame.welcome);
    case 'status':
      return v1.Frame.encode({ status: writeStatus(frame.status) }).finish();
    case 'gap':
      return encodeGap(frame.gap);
    case 'error':
      return v1.Frame.encode({ error: frame.error }).finish();
    case 'subscribe':
      return v1.Frame.encode({ subscribe: frame.subscribe }).finish();
  }
}

function writeStatus(status: ProbeStatus) {
  return {
    ...status,
    undecoded: Object.entries(status.undecoded).map(([reason, packets]) => ({ reason, packets })),
    sources: [...status.sources],
  };
}

function joinValues(columns: readonly ColumnData[]): Uint8Array {
  const joined = new Uint8Array(columns.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of columns) {
    joined.set(viewOf(values), at);
    at += values.length;
  }
  return joined;
}

/** The bytes of a batch's whole frame. */
export function encodeBatch(parts: BatchParts): Uint8Array {
  return v1.Frame.encode({
    batch: {
      ...parts,
      values: joinValues(parts.columns),
      columns: parts.columns.map((column) => ({
        ...column,
        scale: column.scale === 1 ? 0 : column.scale,
        valueBytes: column.values.length,
        patchPlaces: viewOf(column.patchPlaces),
        patchValues: viewOf(column.patchValues),
        entries: viewOf(column.entries),
      })),
      rowSets: parts.rowSets.map(({ like, steps, bitmap }) => ({
        like,
        steps: viewOf(steps),
        bitmap: viewOf(bitmap),
      })),
    },
  }).finish();
}
