// Frames to bytes and back, and no bytes that could do harm.
import { describe, expect, it } from 'vitest';
import { PanoptesError } from '../../../src/errors.js';
import { columns } from '../../../src/record/columns.js';
import { fields } from '../../../src/record/fields.js';
import type { BatchParts, FlowBatch } from '../../../src/record/flow-batch.js';
import { viewOf } from '../../../src/record/pieces.js';
import { decodeFrame, encodeBatch, encodeFrame } from '../../../src/wire/codec.js';
import type { Frame, ProbeStatus } from '../../../src/wire/frames.js';
import { peekFrame } from '../../../src/wire/peek.js';
import { makeParts, tcpRow } from '../support/batches.js';
import { randomRow, seededRandom } from '../support/random.js';

const status: ProbeStatus = {
  timeSeconds: 1795528527,
  timeNanos: 999_999_999,
  packets: 2 ** 40 + 7,
  bytes: 2 ** 50,
  records: 12,
  batches: 2,
  flows: 3,
  flowsOpened: 9,
  dropped: 4,
  evicted: 1,
  undecoded: { truncated: 5, 'bad-length': 2 ** 33 },
  batchesDropped: 1,
  recordsDropped: 30,
  packetsDroppedInRecords: 44,
  queuedBatches: 2,
  queuedBytes: 4096,
  sources: [{ name: 'eth0', received: 10, dropped: 1, ifDropped: 2 }],
  maxFlows: 1_000_000,
  payloadSkipped: 6,
  fragmentsHeld: 7,
  fragmentsJoined: 2 ** 34,
  fragmentsOrphaned: 8,
  fragmentsOverflow: 3,
  extraSkipped: 9,
  tcpSkipped: 10,
  tcpHolesOverflow: 11,
  gapClassesSkipped: 12,
  rtpSkipped: 13,
  responseSkipped: 14,
  intervalDropped: 2 ** 35,
  notesDropped: 15,
  last: true,
};

const frames: Exclude<Frame, { kind: 'batch' }>[] = [
  {
    kind: 'welcome',
    welcome: {
      probeId: 'sensor',
      version: '1.2.3',
      schema: 1,
      startSeconds: 1795528527,
      runId: 'r1',
      firstBatch: 3,
      lastBatch: 2 ** 33 + 1,
      source: 'eth0',
    },
  },
  {
    kind: 'subscribe',
    subscribe: { filter: 'port 53', after: 2 ** 34, runId: 'r1', wantPayload: true, wantAll: true },
  },
  { kind: 'status', status },
  { kind: 'gap', gap: { batches: 3, records: 3072, reason: 'slow-client', packets: 99999 } },
  { kind: 'error', error: { code: 'bad-filter', message: 'no', hint: 'yes' } },
];

function randomParts(seed: number, rows: number): BatchParts {
  const random = seededRandom(seed);
  return makeParts(
    Array.from({ length: rows }, (_, index) => randomRow(random, index)),
    { number: seed + 1, firstRecord: 1000 * seed },
  );
}

function decodeBatch(bytes: Uint8Array): FlowBatch {
  const frame = decodeFrame(bytes);
  if (frame.kind !== 'batch') throw new Error(frame.kind);
  return frame.batch;
}

/** The parts with views of their bytes, wherever these lie. */
function viewsOf(parts: BatchParts): unknown {
  const views = (part: object) =>
    Object.fromEntries(
      Object.entries(part).map(([name, value]) => [
        name,
        typeof value === 'object' ? Uint8Array.from(viewOf(value)) : value,
      ]),
    );
  return { ...parts, columns: parts.columns.map(views), rowSets: parts.rowSets.map(views) };
}

/** Every field of every row, to be read without an error. */
function readAll(batch: FlowBatch): unknown[] {
  return [...fields.values()].map((field) => {
    const read = field.read(batch);
    return Array.from({ length: batch.rows }, (_, row) => read(row));
  });
}

/** Decodes what may be damaged; anything but a frame or 'bad-frame' fails the test. */
function tryDecode(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const frame = decodeFrame(bytes);
    if (frame.kind === 'batch') readAll(frame.batch);
    return 'read';
  } catch (error) {
    if (error instanceof PanoptesError && error.code === 'bad-frame') return 'refused';
    throw error;
  }
}

/** The source ports of three rows. */
function tryRead(bytes: Uint8Array): (number | undefined)[] | 'refused' {
  return tryDecode(bytes) === 'read' ? [0, 1, 2].map(decodeBatch(bytes).column('srcPort')) : 'refused';
}

/** A field with a length, below 128. */
const message = (tag: number, ...body: number[]) => [tag, body.length, ...body];

/** The source ports of the three rows of a batch of these fields. */
const readPorts = (...fields: number[][]) => {
  const body = [16, 3, ...fields.flat()];
  return tryRead(
    Uint8Array.from([18, body.length | 128, body.length >> 7, ...body].map((byte) => byte & 255)),
  );
};

describe('the frame codec', () => {
  it.each(frames)('gives a $kind frame back as it was', (frame) => {
    expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
    expect(peekFrame(encodeFrame(frame))).toEqual({ kind: frame.kind });
  });

  it('gives a batch back column by column', () => {
    const parts = randomParts(1, 200);
    expect(viewsOf(decodeBatch(encodeBatch(parts)).parts)).toEqual(viewsOf(parts));
  });

  it('reads number and rows of a batch without decoding it', () => {
    expect(peekFrame(encodeBatch(randomParts(41, 77)))).toEqual({ kind: 'batch', number: 42, rows: 77 });
  });

  it('reads a batch at any alignment', () => {
    const parts = randomParts(5, 64);
    const bytes = encodeBatch(parts);
    const expected = readAll(decodeBatch(bytes));
    for (let shift = 1; shift < 8; shift++) {
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      expect(readAll(decodeBatch(shifted.subarray(shift)))).toEqual(expected);
    }
  });

  it('reads a column that is written in another way, and passes over fields that it does not know', () => {
    const srcPort = (...fields: number[]) =>
      readPorts(message(42, 8, columns.srcPort.id, ...fields), message(98, 7, 8, 9));
    const values = [24, 8, 104, 3];
    const read = [7, 8, 9];
    expect(srcPort(...values)).toEqual(read);
    expect(srcPort(...values.slice(2), ...values.slice(0, 2))).toEqual(read);
    expect(srcPort(0x98, 0, 0x88, 0, 0xe8, 0, 0x83, 0x80, 0)).toEqual(read); // longer than need be
    expect(srcPort(104, 9, ...values)).toEqual(read); // the last one counts
    expect(srcPort(...values, 0x20, 0x80, 0x80, 1)).toEqual(read.map((value) => value + 8192));
    expect(srcPort(50, 1, 1, 112, 0x80, 1, 122, 2, 1, 2, ...values)).toEqual(read);
    expect(srcPort(0x82, 1, 1, 9, 109, 1, 2, 3, 4, ...values, 113, 1, 2, 3, 4, 5, 6, 7, 8)).toEqual(read);
    for (const bad of [
      [112],
      [122, 1],
      [109, 1, 2, 3],
      [113, 1],
      [107],
      [0x82],
      [24, 0x80],
      [104, 0x80],
      [58, 9],
    ])
      expect(srcPort(...values, ...bad), String(bad)).toBe('refused');
  });

  it('finds the values of the columns wherever they stand', () => {
    const constant = message(42, 8, columns.protocol.id, 32, 12);
    const dstPort = message(42, 8, columns.dstPort.id, 24, 4, 104, 2);
    const srcPort = message(42, 8, columns.srcPort.id, 24, 8, 104, 3);
    const values = message(98, 0x21, 0x03, 7, 8, 9);
    const read = [7, 8, 9];
    expect(readPorts(constant, dstPort, srcPort, values)).toEqual(read);
    expect(readPorts(values, dstPort, constant, srcPort)).toEqual(read);
    expect(readPorts(dstPort, values, srcPort, constant)).toEqual(read);
    expect(readPorts(dstPort, srcPort, message(98, 1), values)).toEqual(read); // the last ones count
    expect(readPorts(message(98, ...new Array<number>(9).fill(1)), dstPort, srcPort, values)).toEqual(read);
    expect(readPorts(srcPort, dstPort, message(98, 7, 8, 9, 0x21, 0x03))).toEqual(read);
    // Fields of a batch that it does not know.
    const later = [
      message(106, 1, 2, 3),
      [112, 0x80, 1],
      [121, ...read, ...read, 1, 2],
      [0x85, 1, ...read, 1],
    ];
    expect(readPorts(...later, dstPort, ...later, srcPort, ...later, values, ...later)).toEqual(read);
  });

  it('refuses columns that have more bytes of values than the batch, or fewer, whatever they say', () => {
    const srcPort = (...valueBytes: number[]) => message(42, 8, columns.srcPort.id, 24, 8, ...valueBytes);
    const more = (...valueBytes: number[]) => message(42, 8, columns.dstPort.id, 104, ...valueBytes);
    const values = message(98, 7, 8, 9);
    const good = () => readPorts(srcPort(104, 3), values);
    expect(good()).toEqual([7, 8, 9]);
    const ones = (count: number, last: number) => [...new Array<number>(count).fill(0xff), last];
    const bad: Record<string, number[][]> = {
      'no length': [srcPort(), values],
      'a shorter length': [srcPort(104, 2), values],
      'a longer length': [srcPort(104, 4), values],
      'no values': [srcPort(104, 3)],
      'values without a column': [values],
      'values behind those of the columns': [srcPort(104, 3), message(98, 7, 8, 9, 10)],
      'too few for two columns': [srcPort(104, 3), more(1), values],
      'a first column that has all': [more(3), srcPort(104, 3), values],
      'as many as the frame has bytes': [more(30), srcPort(104, 3), values],
      'no values but those before': [values, srcPort(104, 3), message(98)],
    };
    for (const [what, huge] of Object.entries({
      '2^31 - 1': ones(4, 7),
      '2^32 - 1': ones(4, 15),
      '2^32': [0x80, 0x80, 0x80, 0x80, 16],
      '2^32 + 3': [0x83, 0x80, 0x80, 0x80, 16],
      '2^53 - 1': ones(7, 15),
      '2^64 - 1': ones(9, 1),
      '2^70 - 1': ones(9, 127),
    })) {
      bad[what] = [srcPort(104, ...huge), values];
      bad[`${what} beside 3`] = [more(...huge), srcPort(104, 3), values];
      bad[`${what} many times`] = [...new Array<number[]>(9).fill(more(...huge)), srcPort(104, 3), values];
    }
    for (const [what, fields] of Object.entries(bad)) {
      expect(readPorts(...fields), what).toBe('refused');
      expect(good(), `after ${what}`).toEqual([7, 8, 9]);
    }
  });

  it('keeps 64-bit numbers as numbers and refuses what does not fit', () => {
    const parts = makeParts([tcpRow({ flowId: Number.MAX_SAFE_INTEGER })]);
    expect(decodeBatch(encodeBatch(parts)).column('flowId')(0)).toBe(Number.MAX_SAFE_INTEGER);
    expect(tryDecode(encodeBatch({ ...parts, number: 2 ** 60 }))).toBe('refused');
    const gap = encodeFrame({ kind: 'gap', gap: { batches: 2 ** 60, records: 0, reason: '', packets: 0 } });
    expect(tryDecode(gap)).toBe('refused');
  });

  it('takes an undecoded reason of any name as a name', () => {
    const odd = { ...status, undecoded: Object.fromEntries([['__proto__', 3]]) };
    const frame = decodeFrame(encodeFrame({ kind: 'status', status: odd }));
    expect(frame.kind === 'status' && Object.entries(frame.status.undecoded)).toEqual([['__proto__', 3]]);
  });

  it('refuses no bytes at all and a frame of no known kind', () => {
    expect(tryDecode(new Uint8Array(0))).toBe('refused');
    expect(tryDecode(Uint8Array.of(0x7a, 0))).toBe('refused');
  });

  it('refuses random bytes with bad-frame only', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
      if (bytes.length > 2 && random() < 0.7) {
        bytes[0] = 18; // a batch, so that the damage comes deeper
        bytes[1] = Math.min(127, bytes.length - 2);
      }
      tryDecode(bytes);
      try {
        peekFrame(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-frame' });
      }
    }
  });

  it('refuses or reads damaged and cut frames, and throws bad-frame only', () => {
    const random = seededRandom(8);
    const whole = [
      encodeBatch(randomParts(2, 40)),
      encodeBatch(randomParts(3, 3)),
      ...frames.map(encodeFrame),
    ];
    const results = { read: 0, refused: 0 };
    for (let round = 0; round < 4000; round++) {
      const source = whole[Math.floor(random() * whole.length)] as Uint8Array;
      const bytes = new Uint8Array(source);
      for (let flip = 0; flip <= random() * 3; flip++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
      }
      const cut = random() < 0.2 ? Math.floor(random() * bytes.length) : bytes.length;
      results[tryDecode(bytes.subarray(0, cut))]++;
    }
    expect(results.read).toBeGreaterThan(100); // some damage changes a value only
    expect(results.refused).toBeGreaterThan(100);
  });
});
