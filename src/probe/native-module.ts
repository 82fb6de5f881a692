// The shape of the native addon: options in once, encoded frames out. Probe drives it; native/binding provides it.
import type { CaptureMethod, IdleSeconds } from './options.js';
import type { PayloadRule } from './payload-rules.js';

export interface NativeModule {
  readonly NativeProbe: new (
    options: NativeOptions,
    onSignal: (signal: 'readable' | 'drained') => void,
  ) => NativeProbe;
  /** Looks at every packet of a capture file; `name` is for messages. */
  readonly NativeInspection: new (
    name: string,
    maxTunnels: number,
  ) => NativeInspection;
  interfaceNames(): string[];
  /** That this process may run on; none where the system does not tell. */
  allowedCpus(): number[];
  pcapVersion(): string;
  mayCapture(): { readonly ok: boolean; readonly why: string };
  readonly undecodedReasons: readonly string[];
  /** What the flow tables of so many threads take: a fixed part, and bytes for each flow that was in memory at once. */
  memory(
    maxFlows: number,
    payload?: Pick<NativeOptions, 'payloadBytes' | 'payloadRules'>,
    tcpHoles?: number,
    threads?: number,
  ): MemoryNeed;
}

export interface MemoryNeed {
  readonly baseBytes: number;
  readonly bytesPerFlow: number;
  /** In all of bytesPerFlow: the buffers for first payload. */
  readonly payloadBytes: number;
  /** More for each flow with a tunnel, an ICMP error, an MPLS label or a QUIC version. */
  readonly bytesPerExtra: number;
  /** More for each TCP flow while it tells of losses, reordering and the like; so many can at a time. */
  readonly bytesPerTcpTrouble: number;
  readonly mostTcpTroubles: number;
}

export interface NativeInspection {
  /** The next bytes of the file, unpacked; used up when the call returns. */
  push(bytes: Uint8Array): void;
  /** No more bytes come: what was found. */
  end(): CaptureFacts;
}

/** Words about a file; `code` is one of src/errors.ts. */
export interface FileMessage {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a capture file is, how it was made, and what of it cannot be decoded. Counters are of packets. */
export interface CaptureFacts {
  readonly file: {
    /** 'pcap', 'modified pcap', 'pcapng'; '' if it is none of them. */
    readonly format: string;
    readonly version: string;
    readonly bigEndian: boolean;
    readonly sections: number;
    /** snaplen 0: no limit. */
    readonly interfaces: readonly {
      readonly linkType: number;
      readonly snaplen: number;
      readonly timeUnit: string;
    }[];
    /** Blocks of a pcapng file that were stepped over, by type. */
    readonly otherBlocks: readonly { readonly type: number; readonly count: number }[];
  };
  /** `cut`: captured shorter than they were on the wire. */
  readonly links: readonly {
    readonly linkType: number;
    readonly name: string;
    readonly about: string;
    readonly packets: number;
    readonly cut: number;
  }[];
  readonly undecoded: readonly UndecodedFacts[];
  readonly warnings: readonly FileMessage[];
  /** Why it could not be read to its end. */
  readonly error?: FileMessage;
  readonly packets: number;
  readonly wireBytes: number;
  readonly capturedBytes: number;
  /** Bytes of the longest captured packet. */
  readonly mostCaptured: number;
  /** As the file says: by the kernel, by the interface. */
  readonly dropped: number;
  readonly ifDropped: number;
  readonly earliest: { readonly seconds: number; readonly nanos: number };
  readonly latest: { readonly seconds: number; readonly nanos: number };
  /** Seconds from the earliest to the latest. */
  readonly duration: number;
  /** Packets that are earlier than the one before them; the largest such step in seconds, and which packet made it. */
  readonly stepsBack: number;
  readonly largestStepBack: number;
  readonly largestStepBackAt: number;
}

export interface UndecodedFacts {
  readonly reason: string;
  readonly packets: number;
  /** The first one, counted from 1: its link, its length, its first bytes. */
  readonly firstPacket: number;
  readonly linkType: number;
  readonly captured: number;
  readonly wire: number;
  readonly head: Uint8Array;
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
      readonly captureMethod: CaptureMethod;
    }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'feed'; readonly name: string; readonly live: boolean };

export interface NativeOptions {
  readonly sources: readonly NativeSource[];
  readonly filter: string;
  readonly statusInterval: number;
  readonly maxFlows: number;
  readonly maxTunnels: number;
  readonly maxFragments: number;
  readonly fragmentTimeout: number;
  readonly tcpHoles: number;
  readonly payloadBytes: number;
  readonly payloadRules: readonly PayloadRule[];
  readonly maskPayload: boolean;
  readonly pace: number;
  readonly loop: boolean;
  readonly threads: number;
  readonly cpus: readonly number[];
  readonly queueBatches: number;
  readonly queueBytes: number;
  readonly idle: IdleSeconds;
  readonly closeLinger: number;
}
