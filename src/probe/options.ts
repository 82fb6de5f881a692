// What a probe can be told, with defaults and ranges: checked here once, trusted by the addon.
import { PanoptesError } from '../errors.js';
import { suggest } from '../record/suggest.js';
import { checkPayloadRules, mostPayloadBytes, type PayloadRule } from './payload-rules.js';

/** Bytes of a capture file from anywhere; called once the probe wants them, aborted when it stops. */
export type ByteSource = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Where packets come from. Interfaces are captured at once; files and feeds that are not live one after the other. */
export type ProbeSource =
  | { readonly kind: 'interface'; readonly name: string }
  /** A capture file by path, also gzipped; '-' is stdin. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'feed'; readonly name: string; readonly live: boolean; readonly bytes: ByteSource };

/** Seconds without a packet after which a flow ends. */
export interface IdleSeconds {
  readonly tcp: number;
  readonly udp: number;
  readonly icmp: number;
  readonly other: number;
}

/** 'auto': by the kernel's packet ring where link and kernel allow it, else by libpcap. */
export const captureMethods = ['auto', 'ring', 'pcap'] as const;
export type CaptureMethod = (typeof captureMethods)[number];

export interface CheckedProbeOptions {
  readonly sources: readonly ProbeSource[];
  /** BPF expression, empty: every packet. */
  readonly filter: string;
  /** Seconds between the reports of active flows and of the probe itself; 0: only at the end. */
  readonly statusInterval: number;
  /** Threads that account the packets of each link, or of the files and of each feed. */
  readonly threads: number;
  /** CPUs that the threads are kept on, in turn; none: on any. */
  readonly cpus: readonly number[];
  /** Flows in memory, of each link and of the files, whatever the number of threads; at the limit the least wanted one is evicted. */
  readonly maxFlows: number;
  /** Tunnels that are followed inwards, one inside the other; what lies deeper belongs to the flow of the last one. */
  readonly maxTunnels: number;
  /** IP datagrams whose fragments are joined at a time, and fragments that wait; 0: fragments are not joined. */
  readonly maxFragments: number;
  /** Seconds that a later fragment waits for its first one. */
  readonly fragmentTimeout: number;
  /** Holes that are remembered of each direction of a TCP flow at a time. */
  readonly tcpHoles: number;
  /** First bytes kept of each direction's stream, where no rule says otherwise; 0: none. */
  readonly payloadBytes: number;
  /** The first that matches counts. Without payloadBytes, 4096 bytes for DNS come behind those given. */
  readonly payloadRules: readonly PayloadRule[];
  /** Mask what is kept, whatever the rules say. */
  readonly maskPayload: boolean;
  /** Files: how many times as fast as they were recorded; 0: as fast as possible. */
  readonly pace: number;
  /** Files: from the beginning again at the end. */
  readonly loop: boolean;
  /** Encoded batches between capture and event loop (64; with a link as many as queueBytes holds). Full: a link drops a batch, a file waits. */
  readonly queueBatches: number;
  /** Their bytes; a batch that comes while fewer wait is taken whole. */
  readonly queueBytes: number;
  readonly idle: IdleSeconds;
  /** Quiet seconds after which a closed TCP connection ends. */
  readonly closeLinger: number;
  /** Links: bytes captured of each packet. */
  readonly snaplen: number;
  /** Links: see packets to other hosts as well. */
  readonly promiscuous: boolean;
  /** Links: bytes of the kernel's packet buffer. */
  readonly bufferBytes: number;
  /** Links: how packets come out of the kernel. */
  readonly captureMethod: CaptureMethod;
}

export type ProbeOptions = Pick<CheckedProbeOptions, 'sources'> & {
  readonly [Name in Exclude<keyof CheckedProbeOptions, 'sources' | 'idle'>]?:
    | CheckedProbeOptions[Name]
    | undefined;
} & { readonly idle?: { readonly [Name in keyof IdleSeconds]?: number | undefined } | undefined };

interface NumberRange {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
  readonly otherwise: number;
}

/** Where only their bytes are to count. */
export const mostQueueBatches = 65_536;

const seconds = (otherwise: number): NumberRange => ({ low: 0.001, high: 86_400, whole: false, otherwise });
const whole = (low: number, high: number, otherwise: number): NumberRange => ({
  low,
  high,
  whole: true,
  otherwise,
});

const idleRanges = { tcp: seconds(300), udp: seconds(60), icmp: seconds(10), other: seconds(60) };
const ranges = {
  statusInterval: { low: 0, high: 86_400, whole: false, otherwise: 5 },
  maxFlows: whole(1, 100_000_000, 1_000_000),
  threads: whole(1, 64, 1),
  maxTunnels: whole(0, 64, 8),
  maxFragments: whole(0, 1_000_000, 4096),
  fragmentTimeout: seconds(15),
  tcpHoles: whole(1, 64, 8),
  payloadBytes: whole(0, mostPayloadBytes, 64),
  pace: { low: 0, high: 1e6, whole: false, otherwise: 0 },
  queueBatches: whole(1, mostQueueBatches, 64),
  queueBytes: whole(1, 2 ** 31 - 1, 32 * 2 ** 20),
  closeLinger: seconds(2),
  snaplen: whole(64, 262_144, 262_144),
  bufferBytes: whole(65_536, 2 ** 31 - 1, 64 * 2 ** 20),
};
const otherNames = [
  'sources',
  'filter',
  'cpus',
  'loop',
  'promiscuous',
  'captureMethod',
  'payloadRules',
  'maskPayload',
  'idle',
];

function refuse(message: string): never {
  throw new PanoptesError('bad-option', message, 'docs/probe.md lists the options of a probe');
}

function checkNumber(name: string, value: unknown, range: NumberRange): number {
  if (value === undefined) return range.otherwise;
  const kind = range.whole ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || !(value >= range.low && value <= range.high)) {
    refuse(`${name}: ${value} is not ${kind} from ${range.low} to ${range.high}`);
  }
  if (range.whole && !Number.isInteger(value)) refuse(`${name}: ${value} is not a whole number`);
  return value;
}

function checkNumbers<Name extends string>(
  given: { readonly [name: string]: unknown },
  table: { readonly [N in Name]: NumberRange },
  prefix: string,
): { [N in Name]: number } {
  const names = Object.keys(table) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, checkNumber(prefix + name, given[name], table[name])]),
  ) as { [N in Name]: number };
}

function checkKind<Kind>(name: string, value: Kind | undefined, otherwise: Kind): Kind {
  if (value === undefined) return otherwise;
  if (typeof value !== typeof otherwise) refuse(`${name}: ${value} is not a ${typeof otherwise}`);
  return value;
}

function checkMethod(value: CaptureMethod | undefined): CaptureMethod {
  if (value === undefined) return 'auto';
  if (!captureMethods.includes(value)) refuse(`captureMethod: ${value} is not auto, ring or pcap`);
  return value;
}

function checkNames(given: object, known: readonly string[], prefix: string): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    refuse(`unknown option ${prefix}${name}${near === undefined ? '' : `, did you mean ${prefix}${near}?`}`);
  }
}

const mostCpu = 1023;

function checkCpus(cpus: readonly number[] = []): readonly number[] {
  const wrong = cpus.find((cpu) => !(Number.isInteger(cpu) && cpu >= 0 && cpu <= mostCpu));
  if (wrong !== undefined) refuse(`cpus: ${wrong} is not a whole number from 0 to ${mostCpu}`);
  const twice = cpus.find((cpu, index) => cpus.indexOf(cpu) !== index);
  if (twice !== undefined) refuse(`cpus: ${twice} is named twice`);
  return cpus;
}

/** Throws 'bad-option' where the threads cannot be kept on one of them; `allowed` is empty where nobody knows. */
export function checkAllowedCpus(cpus: readonly number[], allowed: readonly number[]): void {
  const other = cpus.find((cpu) => !allowed.includes(cpu));
  if (other === undefined) return;
  if (allowed.length === 0) refuse('cpus: threads cannot be kept on a CPU on this system');
  refuse(`cpus: ${other} is none that this process may run on, which are ${allowed.join(', ')}`);
}

/** Flow tables have numbers of their own, of which flow ids are made. */
const mostTables = 512;

/** A file waits where few batches do; on a link what counts is how long the reader may be kept away. */
function usualQueueBatches(sources: readonly ProbeSource[]): number {
  const isLive = sources.some((one) => one.kind === 'interface' || (one.kind === 'feed' && one.live));
  return isLive ? mostQueueBatches : ranges.queueBatches.otherwise;
}

/** Fills in defaults. Throws 'bad-option' naming the first option that cannot be. */
export function checkProbeOptions(options: ProbeOptions): CheckedProbeOptions {
  checkNames(options, [...Object.keys(ranges), ...otherNames], '');
  const idle = options.idle ?? {};
  checkNames(idle, Object.keys(idleRanges), 'idle.');
  if (options.sources.length === 0) refuse('at least one source is needed');
  const numbers = checkNumbers(options, ranges, '');
  const tables = options.sources.length * numbers.threads;
  if (numbers.threads > 1 && tables > mostTables) {
    refuse(`threads: ${options.sources.length} sources have ${tables} threads, more than ${mostTables}`);
  }
  return {
    ...numbers,
    queueBatches: options.queueBatches ?? usualQueueBatches(options.sources),
    cpus: checkCpus(options.cpus),
    idle: checkNumbers(idle, idleRanges, 'idle.'),
    sources: options.sources,
    filter: checkKind('filter', options.filter, ''),
    loop: checkKind('loop', options.loop, false),
    promiscuous: checkKind('promiscuous', options.promiscuous, true),
    captureMethod: checkMethod(options.captureMethod),
    payloadRules: checkPayloadRules(options.payloadRules, options.payloadBytes !== undefined),
    maskPayload: checkKind('maskPayload', options.maskPayload, false),
  };
}
