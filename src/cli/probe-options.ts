// The options of `panoptes probe` and of the main job: declared here, read here, made into a plan.
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { PanoptesError } from '../errors.js';
import {
  type CaptureMethod,
  mostQueueBatches,
  type ProbeOptions,
  type ProbeSource,
} from '../probe/options.js';
import type { ServePlan, ServerLimits } from './probe-run.js';
import { parseCpus } from './shared/cpu-list.js';
import { addDecodeOptions, decodeOptionsOf, type RawDecodeOptions } from './shared/decode-options.js';
import { numberIn } from './shared/number-option.js';
import { type PayloadOptions, parsePayload } from './shared/payload-option.js';

export const defaultPort = 561;

/** What commander makes of the options below. */
export interface RawProbeOptions extends RawDecodeOptions {
  interface?: string[];
  read?: string[];
  write?: string;
  port?: number;
  bind: string;
  statusInterval?: number;
  payload?: PayloadOptions;
  maskPayload?: boolean;
  id?: string;
  pace?: number;
  loop?: boolean;
  maxFlows?: number;
  threads?: number;
  cpus?: number[];
  snaplen?: number;
  buffer?: number;
  captureMethod?: CaptureMethod;
  promiscuous: boolean;
  idleTcp?: number;
  idleUdp?: number;
  idleIcmp?: number;
  idleOther?: number;
  maxClients?: number;
  history?: number;
  lag?: number;
  queue?: number;
}

const gather = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/** Options that both commands have. */
export function addLinkOptions(command: Command): Command {
  command
    .addOption(
      new Option(
        '-i, --interface <name...>',
        'measure these links (repeatable); any is all of them',
      ).argParser(gather),
    )
    .option('-P, --port <port>', 'serve records on this port', numberIn(0, 65535, true))
    .option('-B, --bind <addr>', 'address to serve on; 0.0.0.0 or :: lets other machines in', 'localhost')
    .option(
      '--max-clients <count>',
      'clients served at once (default: 1000); more are refused with a reason',
      numberIn(1, 100_000, true),
    )
    .option('--history <MiB>', 'batches held for clients that come back (default: 64)', numberIn(1, 65536))
    .option(
      '--lag <MiB>',
      'what a client may be behind before it loses batches, and is told so (default: 32)',
      numberIn(0.25, 65536),
    )
    .option(
      '--queue <MiB>',
      'batches between measuring and output (default: 32, of files 64 batches at most); full: a link loses batches and says so, a file waits',
      numberIn(1, 2047, true),
    )
    .option('-e, --id <name>', "name of this probe (default: the host's name)")
    .option(
      '-S, --status-interval <seconds>',
      'report active flows so often (default: 5); 0: only at their end',
      numberIn(0, 86400),
    )
    .option(
      '-U, --payload <rules>',
      'first bytes kept of what each side sends: for all, or by port and protocol as in 64,dns=4096,tcp/443=0,25=128:mask (default: 64,dns=4096)',
      parsePayload,
    )
    .option('--mask-payload', 'keep the shape of payload only: letters become x, digits 9')
    .option(
      '--max-flows <count>',
      'flows in memory (default: 1000000); at the limit old ones are evicted',
      numberIn(1, 1e8, true),
    )
    .option(
      '--threads <count>',
      'threads that measure each link, or the files (default: 1)',
      numberIn(1, 64, true),
    )
    .option('--cpus <list>', 'keep the threads on these CPUs, in turn, as in 2,3 or 2-5', parseCpus)
    .option(
      '--snaplen <bytes>',
      'bytes captured of each packet (default: 262144)',
      numberIn(64, 262144, true),
    )
    .option('--buffer <MiB>', "size of the kernel's packet buffer (default: 64)", numberIn(1, 2047, true))
    .addOption(
      new Option(
        '--capture-method <method>',
        'how packets come out of the kernel: by its packet ring, by libpcap, or auto (default): the ring on Ethernet, else libpcap',
      ).choices(['auto', 'ring', 'pcap'] satisfies CaptureMethod[]),
    )
    .option('--no-promiscuous', 'leave the links in their mode: see only what is for this host')
    .option(
      '--idle-tcp <seconds>',
      'end a TCP flow after so long without a packet (default: 300)',
      numberIn(0.001, 86400),
    )
    .option('--idle-udp <seconds>', 'the same for UDP (default: 60)', numberIn(0.001, 86400))
    .option('--idle-icmp <seconds>', 'the same for ICMP (default: 10)', numberIn(0.001, 86400))
    .option('--idle-other <seconds>', 'the same for all other flows (default: 60)', numberIn(0.001, 86400));
  return addDecodeOptions(command).argument(
    '[filter...]',
    "behind a lone '-': a BPF filter, as in: - 'not port 22'",
  );
}

/** Options for capture files. */
export function addFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-r, --read <file...>',
        'measure captures (pcap, pcapng, gzipped too), - is stdin',
      ).argParser(gather),
    )
    .option('-w, --write <file>', 'write records to a file, - is stdout')
    .option('--pace <times>', 'replay files in real time (1), or so many times as fast', numberIn(0, 1e6))
    .option('--loop', 'replay files over and over');
}

/** What the probe measures, and how it is said in words. Throws 'bad-option'. */
export function sourcesOf(raw: RawProbeOptions): { sources: ProbeSource[]; words: string } {
  const links = raw.interface ?? [];
  const files = raw.read ?? [];
  if (links.length > 0 && files.length > 0) {
    throw new PanoptesError(
      'bad-option',
      'a probe measures links (-i) or files (-r), not both',
      'start two probes',
    );
  }
  if (files.length === 0 && (raw.loop || raw.pace !== undefined)) {
    throw new PanoptesError('bad-option', '--pace and --loop are for files', 'name files with -r');
  }
  const twice = links.find((name, index) => links.indexOf(name) !== index);
  if (twice !== undefined) throw new PanoptesError('bad-option', `interface '${twice}' is named twice`);
  return {
    sources: [
      ...links.map((name): ProbeSource => ({ kind: 'interface', name })),
      ...files.map((path): ProbeSource => ({ kind: 'file', path })),
    ],
    words: listed([...links, ...files.map((path) => (path === '-' ? 'stdin' : basename(path)))]),
  };
}

export function probeOptionsOf(
  raw: RawProbeOptions,
  sources: ProbeSource[],
  filterWords: readonly string[],
): ProbeOptions {
  return {
    sources,
    filter: filterWords.join(' '),
    statusInterval: raw.statusInterval,
    ...raw.payload,
    maskPayload: raw.maskPayload,
    pace: raw.pace,
    loop: raw.loop,
    maxFlows: raw.maxFlows,
    threads: raw.threads,
    cpus: raw.cpus,
    ...decodeOptionsOf(raw),
    snaplen: raw.snaplen,
    ...queueOf(raw),
    bufferBytes: raw.buffer === undefined ? undefined : raw.buffer * 2 ** 20,
    captureMethod: raw.captureMethod,
    promiscuous: raw.promiscuous,
    idle: { tcp: raw.idleTcp, udp: raw.idleUdp, icmp: raw.idleIcmp, other: raw.idleOther },
  };
}

/** What is said in bytes is no question of batches. */
function queueOf({ queue }: RawProbeOptions): Pick<ProbeOptions, 'queueBatches' | 'queueBytes'> {
  return queue === undefined ? {} : { queueBatches: mostQueueBatches, queueBytes: queue * 2 ** 20 };
}

export function probeIdOf(raw: RawProbeOptions): string {
  return raw.id ?? hostname();
}

/** Records of links are served unless they are only written; those of files if it is asked for. */
export function servePlanOf(raw: RawProbeOptions): ServePlan | undefined {
  const { port, bind, read, write } = raw;
  if (port === undefined && (read || write !== undefined)) return undefined;
  return { port: port ?? defaultPort, host: bind, ...serverLimitsOf(raw) };
}

/** What is not given stays at the server's own defaults. */
export function serverLimitsOf({ maxClients, history, lag }: RawProbeOptions): ServerLimits {
  return {
    ...(maxClients !== undefined && { maxClients }),
    ...(history !== undefined && { historyBytes: history * 2 ** 20 }),
    ...(lag !== undefined && { lagBytes: lag * 2 ** 20 }),
  };
}

/** `a`, `a and b`, `a, b and c`; of many the first ones and how many more. */
export function listed(names: readonly string[]): string {
  const most = 4;
  const shown =
    names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
