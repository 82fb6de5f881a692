// What the hub can be told, and what it counts. Read by hub.ts and by whoever sets it up or shows its numbers.

import type { Welcome } from '../wire/frames.js';

export interface HubOptions {
  /** Who the probe is; the hub fills in which batches it holds. */
  readonly welcome: () => Welcome;
  /** Bytes of batches held for those who come back; at least limitBytes are. Default 64 MiB. */
  readonly historyBytes?: number;
  /** Bytes that a live subscriber may lag before it loses batches; they are held in the history anyway. Default 32 MiB. */
  readonly limitBytes?: number;
  /** Bytes handed to a socket that has not taken what it has. Default 512 KiB, at least 128 KiB. */
  readonly windowBytes?: number;
  /** A subscriber whose socket takes nothing for so long is closed. Default 60 s. */
  readonly stallMs?: number;
  /** After so long the event loop gets a turn before the other subscribers are served. Default 10 ms. */
  readonly turnMs?: number;
  /** Bytes of filtered batches held for subscribers that share a filter. Default 16 MiB. */
  readonly filteredBytes?: number;
}

/** Cumulative, but `subscribers`, `historyBytes`, `firstBatch` and `lastBatch`. */
export interface HubCounters {
  readonly batches: number;
  readonly bytes: number;
  readonly subscribers: number;
  readonly historyBytes: number;
  readonly firstBatch: number;
  readonly lastBatch: number;
  readonly decodes: number;
  readonly encodes: number;
  readonly sentFrames: number;
  readonly sentBytes: number;
  readonly missedBatches: number;
  readonly missedRecords: number;
  readonly stalled: number;
}
