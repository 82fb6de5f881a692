import { describe, expect, it } from 'vitest';
import { type FrameSink, type Plan, run, type Sinks } from '../../../../src/cli/shared/run.js';
import type { StreamItem } from '../../../../src/client/stream.js';
import { parseFilter } from '../../../../src/filter/parser.js';
import { decodeFrame, encodeBatch } from '../../../../src/wire/codec.js';
import type { ProbeStatus } from '../../../../src/wire/frames.js';
import { makeBatch, type Row, tcpRow, testSeconds, udpRow } from '../../support/batches.js';

function batchItem(...rows: Row[]): StreamItem {
  const batch = makeBatch(rows);
  return { kind: 'batch', batch, bytes: encodeBatch(batch.parts) };
}

const status = { packets: 7 } as ProbeStatus;
const statusItem: StreamItem = { kind: 'status', status, bytes: Uint8Array.of(1, 2, 3) };

/** A source that says whether it was let go before its end. */
function source(...items: StreamItem[]): {
  items: AsyncIterable<StreamItem>;
  taken: () => number;
  closed: () => boolean;
} {
  let taken = 0;
  let closed = false;
  async function* generate() {
    try {
      for (const item of items) {
        taken++;
        yield item;
      }
    } finally {
      closed = true;
    }
  }
  return { items: generate(), taken: () => taken, closed: () => closed };
}

const plan = (change: Partial<Plan> & { text?: string } = {}): Plan => ({
  filter: parseFilter(change.text ?? ''),
  limit: { skip: 0, take: Number.POSITIVE_INFINITY },
  headerEvery: -1,
  ...change,
});

function sinks(change: Partial<Sinks> = {}): Sinks & { lines: string[]; warnings: string[] } {
  const lines: string[] = [];
  const warnings: string[] = [];
  return {
    lines,
    warnings,
    text: {
      closed: false,
      write: (text) => {
        lines.push(text);
        return undefined;
      },
    },
    printer: { header: () => 'header', row: (batch, row) => `${batch.column('dstPort')(row)}` },
    warn: (_code, message) => warnings.push(message),
    ...change,
  };
}

class Frames implements FrameSink {
  readonly frames: Uint8Array[] = [];
  closed = false;
  write(bytes: Uint8Array): undefined {
    this.frames.push(bytes);
  }
}

describe('run', () => {
  it('prints the records that the filter selects', async () => {
    const out = sinks();
    const { items } = source(batchItem(tcpRow(), udpRow(), tcpRow({ dstPort: 443 })), batchItem(udpRow()));
    const outcome = await run(items, plan({ text: 'tcp' }), out);
    expect(out.lines).toEqual(['80', '443']);
    expect(outcome).toEqual({ shown: 2, matched: 2, ended: 'source' });
  });

  it('ends at the limit and lets the source go at once', async () => {
    const out = sinks();
    const from = source(batchItem(tcpRow(), tcpRow()), batchItem(tcpRow(), tcpRow()), batchItem(tcpRow()));
    const outcome = await run(from.items, plan({ limit: { skip: 0, take: 3 } }), out);
    expect(outcome).toMatchObject({ shown: 3, ended: 'limit' });
    expect(from.taken()).toBe(2);
    expect(from.closed()).toBe(true);
  });

  it('opens nothing when no record is wanted', async () => {
    const from = source(batchItem(tcpRow()));
    expect(await run(from.items, plan({ limit: { skip: 0, take: 0 } }), sinks())).toMatchObject({
      ended: 'limit',
    });
    expect(from.taken()).toBe(0);
  });

  it('passes over the first records, over the borders of batches', async () => {
    const ports = (...numbers: number[]) => batchItem(...numbers.map((dstPort) => tcpRow({ dstPort })));
    const out = sinks();
    const { items } = source(ports(1, 2), ports(3, 4, 5), ports(6));
    const outcome = await run(items, plan({ limit: { skip: 3, take: 2 } }), out);
    expect(out.lines).toEqual(['4', '5']);
    expect(outcome).toMatchObject({ shown: 2, ended: 'limit' });
  });

  it('prints a header once, every so many records, or never', async () => {
    const rows = () => source(batchItem(tcpRow(), tcpRow(), tcpRow(), tcpRow(), tcpRow())).items;
    const print = async (headerEvery: number) => {
      const out = sinks();
      await run(rows(), plan({ headerEvery }), out);
      return out.lines;
    };
    expect(await print(0)).toEqual(['header', '80', '80', '80', '80', '80']);
    expect(await print(2)).toEqual(['header', '80', '80', 'header', '80', '80', 'header', '80']);
    expect(await print(-1)).toEqual(['80', '80', '80', '80', '80']);
  });

  it('prints the header even if nothing follows', async () => {
    const out = sinks();
    expect(await run(source().items, plan({ headerEvery: 0 }), out)).toEqual({
      shown: 0,
      matched: 0,
      ended: 'source',
    });
    expect(out.lines).toEqual(['header']);
  });

  it('selects by time: a record that touches the range is in it', async () => {
    const ns = 1e9;
    const at = (dstPort: number, startNs: number, lengthNs: number) =>
      udpRow({ dstPort, start: startNs, srcFirst: 0, srcSpan: 0, dstFirst: lengthNs, dstSpan: 0 });
    const rows = [
      at(1, 0, 0.5 * ns),
      at(2, 0, 1 * ns),
      at(3, 1.5 * ns, 0),
      at(4, 2 * ns, 0),
      at(5, 0, 5 * ns),
    ];
    const out = sinks();
    const range = { from: testSeconds + 1, to: testSeconds + 2 };
    await run(source(batchItem(...rows)).items, plan({ range }), out);
    expect(out.lines).toEqual(['2', '3', '5']);
  });

  it('says status messages only when it is asked to', async () => {
    const silent = sinks();
    await run(source(statusItem).items, plan(), silent);
    expect(silent.lines).toEqual([]);
    const told: number[] = [];
    const tellStatus = ({ packets }: ProbeStatus): undefined => {
      told.push(packets);
    };
    await run(source(statusItem).items, plan(), sinks({ tellStatus }));
    expect(told).toEqual([7]);
  });

  it('writes whole batches as they came, and others with the selected rows only', async () => {
    const frames = new Frames();
    const whole = batchItem(tcpRow(), tcpRow());
    const mixed = batchItem(udpRow(), tcpRow({ dstPort: 443 }));
    const none = batchItem(udpRow());
    const { printer: _, ...out } = sinks({ frames });
    const outcome = await run(source(whole, mixed, none, statusItem).items, plan({ text: 'tcp' }), out);
    expect(outcome).toMatchObject({ shown: 3, matched: 3 });
    expect(frames.frames).toHaveLength(3);
    expect(frames.frames[0]).toBe(whole.kind === 'batch' && whole.bytes);
    expect(frames.frames[2]).toBe(statusItem.kind === 'status' && statusItem.bytes);
    const frame = decodeFrame(frames.frames[1] as Uint8Array);
    if (frame.kind !== 'batch') throw new Error(frame.kind);
    expect(frame.batch.rows).toBe(1);
    expect(frame.batch.column('dstPort')(0)).toBe(443);
  });

  it('writes no more records than the limit', async () => {
    const frames = new Frames();
    const { printer: _, ...out } = sinks({ frames });
    await run(
      source(batchItem(tcpRow(), tcpRow(), tcpRow())).items,
      plan({ limit: { skip: 1, take: 1 } }),
      out,
    );
    const frame = decodeFrame(frames.frames[0] as Uint8Array);
    expect(frame.kind === 'batch' && frame.batch.rows).toBe(1);
  });

  it('tees welcome and gap frames and says what was lost', async () => {
    const frames = new Frames();
    const welcome = {
      ...{ probeId: 'p', version: '1', schema: 1, startSeconds: 1, runId: 'r', firstBatch: 1, lastBatch: 2 },
      source: 'eth0',
    };
    const gap = { batches: 2, records: 90, reason: 'slow-client', packets: 0 };
    const out = sinks({ frames });
    await run(source({ kind: 'welcome', welcome }, { kind: 'gap', gap }).items, plan(), out);
    expect(frames.frames.map((bytes) => decodeFrame(bytes))).toEqual([
      { kind: 'welcome', welcome },
      { kind: 'gap', gap },
    ]);
    expect(out.warnings).toEqual(['90 records did not reach this reader (slow-client)']);
  });

  it('hands warnings on', async () => {
    const out = sinks();
    const warning: StreamItem = { kind: 'warning', code: 'cut-file', message: 'it ends in the middle' };
    await run(source(warning).items, plan(), out);
    expect(out.warnings).toEqual(['it ends in the middle']);
  });

  it('ends when nobody reads the output any more', async () => {
    const text = {
      closed: false,
      write(): undefined {
        this.closed = true;
      },
    };
    const from = source(batchItem(tcpRow()), batchItem(tcpRow()));
    expect(await run(from.items, plan(), sinks({ text }))).toMatchObject({ ended: 'reader', shown: 1 });
    expect(from.closed()).toBe(true);
  });

  it('ends when nobody reads the frames any more', async () => {
    const frames = new Frames();
    frames.closed = true;
    const { printer: _, ...out } = sinks({ frames });
    const from = source(batchItem(tcpRow()), batchItem(tcpRow()));
    expect(await run(from.items, plan(), out)).toMatchObject({ ended: 'reader' });
    expect(from.taken()).toBe(1);
  });

  it('waits for a reader that is behind before it takes more', async () => {
    let resume = () => {};
    const text = {
      closed: false,
      write: () =>
        new Promise<void>((resolve) => {
          resume = resolve;
        }),
    };
    const from = source(batchItem(tcpRow()), batchItem(tcpRow()));
    const running = run(from.items, plan(), sinks({ text }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(from.taken()).toBe(1);
    resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(from.taken()).toBe(2);
    resume();
    await running;
  });

  it('passes the failure of a source on, without a header above it', async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async function* failing(): AsyncGenerator<StreamItem> {
      throw new Error('gone');
    }
    const out = sinks();
    await expect(run(failing(), plan({ headerEvery: 0 }), out)).rejects.toThrow('gone');
    expect(out.lines).toEqual([]);
  });
});
