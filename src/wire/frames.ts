// What the frames of a stream or file say, as plain objects. Neighbours: codec.ts makes them from bytes and back.
import type { FlowBatch } from '../record/flow-batch.js';

/** The version of the schema that this software reads and writes. */
export const schemaVersion = 1;

/** First frame of a server's stream and of a file. */
export interface Welcome {
  readonly probeId: string;
  readonly version: string;
  readonly schema: number;
  /** When the probe started, seconds since 1970. */
  readonly startSeconds: number;
  /** Differs with every start of a probe; batch numbers are per run. */
  readonly runId: string;
  /** Lowest batch number that can still be replayed; 0: none yet. */
  readonly firstBatch: number;
  /** Highest batch number so far; 0: none yet. */
  readonly lastBatch: number;
  /** What is measured, in words. */
  readonly source: string;
}

/** First frame of a client. */
export interface Subscribe {
  /** Filter text; empty: everything. */
  readonly filter: string;
  /** Replay batches with a higher number; 0: only what comes from now on. */
  readonly after: number;
  /** The run that `after` speaks of. */
  readonly runId: string;
  readonly wantPayload: boolean;
  /** With after = 0: replay all that the server still holds. */
  readonly wantAll: boolean;
}

/** Batches or records that a reader did not get. */
export interface Gap {
  readonly batches: number;
  /** 0: not known. */
  readonly records: number;
  /** 'slow-client', 'history', 'queue-full', 'write-failed', 'slow-file'. */
  readonly reason: string;
  /** Packets counted in these records; 0: not known. */
  readonly packets: number;
}

/** Last frame before a server closes. */
export interface StreamError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** One source of a probe. */
export interface SourceStatus {
  /** Interface or file. */
  readonly name: string;
  readonly received: number;
  /** By the kernel: no room in its buffer. */
  readonly dropped: number;
  /** By the interface or its driver. */
  readonly ifDropped: number;
}

/** The probe's own report, cumulative since it started. */
export interface ProbeStatus {
  /** Clock of the packets. */
  readonly timeSeconds: number;
  readonly timeNanos: number;
  readonly packets: number;
  readonly bytes: number;
  readonly records: number;
  readonly batches: number;
  /** In memory now. */
  readonly flows: number;
  readonly flowsOpened: number;
  /** By the kernel or interface, before the probe saw them. */
  readonly dropped: number;
  readonly evicted: number;
  /** Reason -> packets. */
  readonly undecoded: Readonly<Record<string, number>>;
  readonly batchesDropped: number;
  readonly recordsDropped: number;
  readonly packetsDroppedInRecords: number;
  /** Between capture and event loop, now. */
  readonly queuedBatches: number;
  readonly queuedBytes: number;
  readonly sources: readonly SourceStatus[];
  readonly maxFlows: number;
  readonly payloadSkipped: number;
  /** Later IP fragments that wait for their first one, now. */
  readonly fragmentsHeld: number;
  /** Later fragments that were counted in the flow of their first one. */
  readonly fragmentsJoined: number;
  /** Later fragments whose first one never came: in flows with port 0. */
  readonly fragmentsOrphaned: number;
  /** Of these: for lack of room. */
  readonly fragmentsOverflow: number;
  /** Flows whose tunnel, ICMP error, MPLS label or QUIC version found no room. */
  readonly extraSkipped: number;
  /** Anomalies of TCP that found no room to be counted. */
  readonly tcpSkipped: number;
  /** Holes in TCP streams given up for want of room. */
  readonly tcpHolesOverflow: number;
  /** Records that do not tell active gaps from idle ones, for want of room. */
  readonly gapClassesSkipped: number;
  /** Packets of RTP or RTCP whose flow or stream found no room. */
  readonly rtpSkipped: number;
  /** ICMP queries and round trips of ICMP and QUIC that found no room. */
  readonly responseSkipped: number;
  /** Of `dropped`: since the status before this one. */
  readonly intervalDropped: number;
  /** Learned servers and ICMP errors that one thread of a link could not tell another of. */
  readonly notesDropped: number;
  /** The probe has ended; nothing follows. */
  readonly last: boolean;
}

export type Frame =
  | { readonly kind: 'welcome'; readonly welcome: Welcome }
  | { readonly kind: 'batch'; readonly batch: FlowBatch }
  | { readonly kind: 'status'; readonly status: ProbeStatus }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'error'; readonly error: StreamError }
  | { readonly kind: 'subscribe'; readonly subscribe: Subscribe };

export type FrameKind = Frame['kind'];

/** Before anything was counted. */
export const emptyStatus: ProbeStatus = {
  timeSeconds: 0,
  timeNanos: 0,
  packets: 0,
  bytes: 0,
  records: 0,
  batches: 0,
  flows: 0,
  flowsOpened: 0,
  dropped: 0,
  evicted: 0,
  undecoded: {},
  batchesDropped: 0,
  recordsDropped: 0,
  packetsDroppedInRecords: 0,
  queuedBatches: 0,
  queuedBytes: 0,
  sources: [],
  maxFlows: 0,
  payloadSkipped: 0,
  fragmentsHeld: 0,
  fragmentsJoined: 0,
  fragmentsOrphaned: 0,
  fragmentsOverflow: 0,
  extraSkipped: 0,
  tcpSkipped: 0,
  tcpHolesOverflow: 0,
  gapClassesSkipped: 0,
  rtpSkipped: 0,
  responseSkipped: 0,
  intervalDropped: 0,
  notesDropped: 0,
  last: false,
};
