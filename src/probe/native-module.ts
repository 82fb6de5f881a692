// The shape of the native addon: options in once, encoded frames out. Probe drives it; native/binding provides it.
import type { IdleSeconds } from './options.js';

export interface NativeModule {
  readonly NativeProbe: new (
    options: NativeOptions,
    onSignal: (signal: 'readable' | 'drained') => void,
  ) => NativeProbe;
  interfaceNames(): string[];
  pcapVersion(): string;
  mayCapture(): { readonly ok: boolean; readonly why: string };
  readonly undecodedReasons: readonly string[];
  /** What a flow table takes: a fixed part, and bytes for each flow that was in memory at once. */
  memory(maxFlows: number, payloadBytes?: number): MemoryNeed;
}

export interface MemoryNeed {
  readonly baseBytes: number;
  readonly bytesPerFlow: number;
}

export interface NativeProbe {
  /** Starts the threads; sources that do not open are told as items of kind 'error'. */
  start(): void;
  /** The next item, or nothing now; 'readable' is signalled when there are items after that. */
  take(): NativeItem | undefined;
  /** Asks the threads to finish: the remaining records come, the last status, then 'end'. */
  stop(): void;
  /** Bytes for a source of kind 'feed', not to be changed afterwards. False: wait for 'drained'. */
  feed(source: number, bytes: Uint8Array): boolean;
  feedEnd(source: number): void;
  /** A frame with the ProbeStatus of this moment. */
  status(): Uint8Array;
}

export type NativeItem = ProbeItem | { readonly kind: 'end' };

/** What a probe yields: whole encoded frames, or words about a source. */
export type ProbeItem =
  | { readonly kind: 'batch'; readonly bytes: Uint8Array; readonly records: number; readonly number: number }
  | { readonly kind: 'status' | 'gap'; readonly bytes: Uint8Array }
  | SourceNotice;

/** 'error': this source has ended, others go on. `code` is one of src/errors.ts. */
export interface SourceNotice {
  readonly kind: 'warning' | 'error';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly source: string;
}

export type NativeSource =
  | {
      readonly kind: 'live';
      readonly interface: string;
      readonly snaplen: number;
      readonly promiscuous: boolean;
      readonly bufferBytes: number;
    }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'feed'; readonly name: string; readonly live: boolean };

export interface NativeOptions {
  readonly sources: readonly NativeSource[];
  readonly filter: string;
  readonly statusInterval: number;
  readonly maxFlows: number;
  readonly payloadBytes: number;
  readonly pace: number;
  readonly loop: boolean;
  readonly queueBatches: number;
  readonly idle: IdleSeconds;
  readonly closeLinger: number;
}
