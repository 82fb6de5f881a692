// What a stream of records consists of, and how it can be opened. Shared by stream.ts and the sources below it.

import type { ProbeOptions } from '../probe/options.js';
import type { FlowBatch } from '../record/flow-batch.js';
import type { Gap, ProbeStatus, Welcome } from '../wire/frames.js';

export type StreamItem =
  | { readonly kind: 'batch'; readonly batch: FlowBatch; readonly bytes: Uint8Array }
  | { readonly kind: 'status'; readonly status: ProbeStatus; readonly bytes: Uint8Array }
  /** 'slow-client', 'history', 'queue-full' as the server says, 'write-failed', 'slow-file' as a file does; 'missing': a hole that nobody announced;
   *  'restart': the probe was started anew, what it made before and after is not known. */
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** First item of a server or record file, and again after each reconnect. */
  | { readonly kind: 'welcome'; readonly welcome: Welcome }
  | { readonly kind: 'warning'; readonly code: string; readonly message: string; readonly hint?: string };

export type SourceSpec =
  /** '-' is stdin. A record file, pcap or pcapng, each also gzipped: told by content. */
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'server'; readonly url: URL };

export interface OpenOptions {
  /** Ends the stream at once and without an error. */
  readonly signal: AbortSignal;
  /** Servers send only the rows that match; files and captures give every row. */
  readonly filter?: string;
  /** Whether a server may leave payload bytes out (false). Default true: they are wanted. */
  readonly payload?: boolean;
  /** Go back to a server that was lost, and take up where it ended. Default true. */
  readonly reconnect?: boolean;
  /** From a server: what it still holds as well (true), or only what comes from now on. Default false. */
  readonly all?: boolean;
  /** From a server: what came after this batch of this run. */
  readonly resume?: { readonly runId: string; readonly after: number };
  /** First delay before a server is tried again; it doubles up to 15 s. Default 500 ms. */
  readonly retryMs?: number;
  /** Bytes of frames held for a reader that is slower than the server, before it is made to wait. Default 16 MiB. */
  readonly queueBytes?: number;
  /** How captures are measured; see src/probe/options.ts. */
  readonly probe?: Omit<ProbeOptions, 'sources'>;
}
