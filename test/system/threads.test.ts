// Several threads make the records that one makes: captures of the project, and real ones where they are at hand.
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Probe } from '../../src/probe/probe.js';
import { sampleCaptures } from '../../src/sample/captures.js';
import { decodeFrame } from '../../src/wire/codec.js';
import type { ProbeStatus } from '../../src/wire/frames.js';
import { corpus, hasCapture } from '../support/corpus.js';
import { difference, type RecordTexts, recordTexts } from '../support/record-texts.js';

const folder = mkdtempSync(join(tmpdir(), 'panoptes-threads-'));
const manyThreads = [2, 3, 7];

interface Measured {
  readonly records: RecordTexts[];
  readonly ids: Set<number>;
  readonly batches: number[];
  readonly statuses: number;
  readonly last: ProbeStatus;
}

async function measure(path: string, threads: number): Promise<Measured> {
  const records: RecordTexts[] = [];
  const ids = new Set<number>();
  const batches: number[] = [];
  let statuses = 0;
  let last: ProbeStatus | undefined;
  for await (const item of Probe.open({ sources: [{ kind: 'file', path }], threads, maxFlows: 50_000 })) {
    if (item.kind === 'batch') batches.push(item.number);
    if (!('bytes' in item)) continue;
    const frame = decodeFrame(item.bytes);
    if (frame.kind === 'status') {
      statuses++;
      last = frame.status;
    }
    if (frame.kind !== 'batch') continue;
    records.push(...recordTexts(frame.batch));
    const id = frame.batch.column('flowId');
    for (let row = 0; row < frame.batch.rows; row++) ids.add(id(row) ?? 0);
  }
  if (!last) throw new Error('there was no status');
  return { records, ids, batches, statuses, last };
}

/** What does not depend on how records are packed. */
function counters({ batches: _batches, queuedBatches: _queued, queuedBytes: _bytes, ...rest }: ProbeStatus) {
  return rest;
}

async function compare(path: string): Promise<void> {
  const one = await measure(path, 1);
  for (const threads of manyThreads) {
    const several = await measure(path, threads);
    expect(difference(one.records, several.records), `${threads} threads`).toEqual([]);
    expect(several.ids.size, 'flow ids never meet').toBe(one.ids.size);
    expect(several.batches, 'batches are numbered without holes').toEqual(
      several.batches.map((_, i) => i + 1),
    );
    expect(several.statuses).toBe(one.statuses);
    expect(counters(several.last)).toEqual(counters(one.last));
  }
}

describe('the records of several threads are those of one', () => {
  test.each(sampleCaptures())('of $name', async ({ name, bytes }) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    await compare(path);
  });

  const captures = hasCapture('')
    ? readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) => /\.p?cap(ng)?$/.test(file))
    : [];
  test.skipIf(captures.length === 0).each(captures.length === 0 ? ['no corpus'] : captures)(
    'of %s',
    async (file) => {
      await compare(join(corpus, file));
    },
  );
});
