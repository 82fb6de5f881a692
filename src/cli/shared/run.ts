// The loop of a command that reads records: items of a source -> filter -> text or frames. Everything comes from
// outside, so it runs without a process, a file or a server.
import type { StreamItem } from '../../client/stream.js';
import type { Filter } from '../../filter/ast.js';
import { matchRows } from '../../filter/compile.js';
import type { RowPrinter } from '../../output/row-printer.js';
import type { FlowBatch } from '../../record/flow-batch.js';
import { encodeBatch, encodeFrame } from '../../wire/codec.js';
import type { ProbeStatus } from '../../wire/frames.js';
import { selectRows } from '../../wire/select-rows.js';
import type { RecordLimit } from './record-limit.js';
import { inTimeRange } from './row-times.js';
import type { TimeRange } from './time-range.js';

/** Which records, and how they are set out. */
export interface Plan {
  readonly filter: Filter;
  readonly range?: TimeRange;
  readonly limit: RecordLimit;
  /** Rows between two header lines; 0: one header at the top; below 0: none. */
  readonly headerEvery: number;
}

/** Where text goes; resolves when more can come, `closed` when nobody reads any more. */
export interface TextSink {
  readonly closed: boolean;
  write(text: string): Promise<void> | undefined;
}

/** Where frames go; `closed` as above. */
export interface FrameSink {
  readonly closed: boolean;
  write(frameBytes: Uint8Array): Promise<void> | undefined;
}

export interface Sinks {
  readonly text: TextSink;
  /** Prints records; none: they are not printed. */
  readonly printer?: RowPrinter;
  /** Says status messages; none: they are not said. */
  readonly tellStatus?: (status: ProbeStatus) => Promise<void> | undefined;
  /** Takes the selected records as frames. */
  readonly frames?: FrameSink;
  /** Words for the person at the terminal: lost records, damaged files. */
  readonly warn: (code: string, message: string, hint?: string) => void;
}

/** How it ended. */
export interface Outcome {
  readonly shown: number;
  /** Records that passed the filter, also those that the limit passed over. */
  readonly matched: number;
  readonly ended: 'source' | 'limit' | 'reader';
}

export async function run(items: AsyncIterable<StreamItem>, plan: Plan, sinks: Sinks): Promise<Outcome> {
  const loop = new RecordLoop(plan, sinks);
  if (loop.full) return loop.outcome('limit');
  // Leaving the loop closes the source: files, sockets and probes are let go at once.
  for await (const item of items) {
    await loop.take(item);
    if (loop.full) return loop.outcome('limit');
    if (sinks.text.closed || sinks.frames?.closed) return loop.outcome('reader');
  }
  await loop.begin();
  return loop.outcome('source');
}

class RecordLoop {
  readonly #plan: Plan;
  readonly #sinks: Sinks;
  #matched = 0;
  #shown = 0;
  #begun = false;

  constructor(plan: Plan, sinks: Sinks) {
    this.#plan = plan;
    this.#sinks = sinks;
  }

  get full(): boolean {
    return this.#shown >= this.#plan.limit.take;
  }

  outcome(ended: Outcome['ended']): Outcome {
    return { shown: this.#shown, matched: this.#matched, ended };
  }

  /** The first header: not before the source has turned out to be one. */
  async begin(): Promise<void> {
    const { printer, text } = this.#sinks;
    if (this.#begun) return;
    this.#begun = true;
    if (printer && this.#plan.headerEvery >= 0) await text.write(printer.header());
  }

  async take(item: StreamItem): Promise<void> {
    if (item.kind !== 'warning') await this.begin();
    const { frames, tellStatus, warn } = this.#sinks;
    switch (item.kind) {
      case 'batch':
        return this.#takeBatch(item.batch, item.bytes);
      case 'status':
        await tellStatus?.(item.status);
        await frames?.write(item.bytes);
        return;
      case 'welcome':
        await frames?.write(encodeFrame({ kind: 'welcome', welcome: item.welcome }));
        return;
      case 'gap': {
        const { gap } = item;
        const lost = gap.records > 0 ? `${gap.records} records` : `${gap.batches} batches`;
        warn('gap', `${lost} did not reach this reader (${gap.reason})`);
        await frames?.write(encodeFrame({ kind: 'gap', gap }));
        return;
      }
      case 'warning':
        warn(item.code, item.message, item.hint);
        return;
    }
  }

  async #takeBatch(batch: FlowBatch, bytes: Uint8Array): Promise<void> {
    const rows = this.#withinLimit(this.#selected(batch));
    if (rows.length === 0) return;
    const { frames, printer } = this.#sinks;
    if (frames) {
      await frames.write(rows.length === batch.rows ? bytes : encodeBatch(selectRows(batch, rows)));
    }
    if (printer) await this.#print(printer, batch, rows);
    else this.#shown += rows.length;
  }

  #selected(batch: FlowBatch): Uint16Array {
    const rows = matchRows(this.#plan.filter, batch);
    return this.#plan.range ? rows.filter(inTimeRange(batch, this.#plan.range)) : rows;
  }

  #withinLimit(rows: Uint16Array): Uint16Array {
    const { skip, take } = this.#plan.limit;
    const start = Math.max(0, skip - this.#matched);
    this.#matched += rows.length;
    return rows.subarray(start, start + Math.min(rows.length, take - this.#shown));
  }

  async #print(printer: RowPrinter, batch: FlowBatch, rows: Uint16Array): Promise<void> {
    const { text } = this.#sinks;
    const every = this.#plan.headerEvery;
    for (const row of rows) {
      if (every > 0 && this.#shown > 0 && this.#shown % every === 0) void text.write(printer.header());
      this.#shown++;
      const wait = text.write(printer.row(batch, row));
      if (wait) await wait;
      if (text.closed) return;
    }
  }
}
