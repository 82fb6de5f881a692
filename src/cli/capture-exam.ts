// Reads a capture once and gathers what there is to know of it: the file itself through the addon's inspection, and
// what becomes of its packets through a probe that takes the same bytes. Before it: client/byte-input.ts; after it:
// capture-findings.ts, which says what it means.
import { openInput, printPath } from '../client/byte-input.js';
import { PanoptesError } from '../errors.js';
import type { CaptureFacts, NativeModule } from '../probe/native-module.js';
import { checkProbeOptions, type ProbeOptions } from '../probe/options.js';
import { Probe } from '../probe/probe.js';
import { findField } from '../record/fields.js';
import type { FlowBatch } from '../record/flow-batch.js';
import { decodeFrame } from '../wire/codec.js';
import { emptyStatus, type ProbeStatus } from '../wire/frames.js';

/** Packets by what they are. */
export type Tally = Readonly<Record<string, number>>;

export interface CaptureExam {
  readonly name: string;
  readonly facts: CaptureFacts;
  /** The last status of the probe. */
  readonly status: ProbeStatus;
  /** Packets in records; all but those in status.undecoded. */
  readonly decoded: number;
  /** 'IPv4', 'IPv6', 'ARP', or an ethertype. */
  readonly networks: Tally;
  /** IP protocols by name. */
  readonly protocols: Tally;
  readonly tunnels: Tally;
  readonly fragments: number;
  readonly duplicates: number;
  /** The gzip data around the capture end in the middle. */
  readonly isCut: boolean;
  /** Why its bytes could not be read to the end. */
  readonly failure?: PanoptesError;
}

/** Throws PanoptesError where the file cannot be opened or the addon does not load. */
export async function examineCapture(
  path: string,
  options: Omit<ProbeOptions, 'sources'>,
  module: NativeModule,
): Promise<CaptureExam> {
  const { signal } = new AbortController();
  const input = await openInput(path, signal);
  const name = printPath(path);
  const { maxTunnels } = checkProbeOptions({ ...options, sources: [{ kind: 'file', path }] });
  const inspection = new module.NativeInspection(name, maxTunnels);
  let failure: PanoptesError | undefined;
  async function* bytes() {
    try {
      for await (const chunk of input.chunks) {
        inspection.push(chunk);
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof PanoptesError)) throw error;
      failure = error; // what came before was used
    }
  }
  const probe = Probe.open(
    { ...options, statusInterval: 0, payloadBytes: 0, sources: [{ kind: 'feed', name, live: false, bytes }] },
    module,
  );
  const counts = new Counts();
  let status = emptyStatus;
  for await (const item of probe) {
    // What is wrong with the file, the inspection says too.
    if (!('bytes' in item)) continue;
    const frame = decodeFrame(item.bytes);
    if (frame.kind === 'batch') counts.take(frame.batch);
    else if (frame.kind === 'status') status = frame.status;
  }
  return {
    name,
    facts: inspection.end(),
    status,
    ...counts.result(),
    isCut: input.isCut(),
    ...(failure && { failure }),
  };
}

const kindNames = [undefined, 'IPv4', 'IPv6', 'ARP', undefined, 'RARP'];

class Counts {
  readonly #networks = new Map<string, number>();
  readonly #protocols = new Map<string, number>();
  readonly #tunnels = new Map<string, number>();
  #decoded = 0;
  #fragments = 0;
  #duplicates = 0;

  take(batch: FlowBatch): void {
    const number = (name: string) => reader(batch, name) as (row: number) => number | undefined;
    const text = (name: string) => reader(batch, name) as (row: number) => string | undefined;
    const [packets, proto, tunnel] = [number('pkts'), text('proto'), text('tun')];
    const fragments = [number('sfrags'), number('dfrags')];
    const duplicates = [number('sdup'), number('ddup')];
    const kind = batch.column('kind');
    const sum = (columns: typeof fragments, row: number) =>
      columns.reduce((all, read) => all + (read(row) ?? 0), 0);
    for (let row = 0; row < batch.rows; row++) {
      const count = packets(row) ?? 0;
      if (count === 0) continue;
      this.#decoded += count;
      this.#fragments += sum(fragments, row);
      this.#duplicates += sum(duplicates, row);
      const network = kindNames[kind(row) ?? 0];
      add(this.#networks, network ?? proto(row) ?? 'other', count);
      if (network === 'IPv4' || network === 'IPv6') add(this.#protocols, proto(row) ?? 'other', count);
      const type = tunnel(row);
      if (type !== undefined) add(this.#tunnels, type, count);
    }
  }

  result() {
    return {
      decoded: this.#decoded,
      networks: largestFirst(this.#networks),
      protocols: largestFirst(this.#protocols),
      tunnels: largestFirst(this.#tunnels),
      fragments: this.#fragments,
      duplicates: this.#duplicates,
    };
  }
}

function reader(batch: FlowBatch, name: string) {
  const field = findField(name);
  if (!field) throw new PanoptesError('internal', `there is no field ${name}`);
  return field.read(batch);
}

function add(counts: Map<string, number>, name: string, packets: number): void {
  counts.set(name, (counts.get(name) ?? 0) + packets);
}

function largestFirst(counts: ReadonlyMap<string, number>): Tally {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
