// Frames made by hand for the tests of the stream: batches with a few columns, and what comes between them.

import type { BatchParts } from '../../../src/record/flow-batch.js';
import { encodeBatch, encodeFrame } from '../../../src/wire/codec.js';
import { emptyStatus, type Subscribe, type Welcome } from '../../../src/wire/frames.js';
import { makeParts, type Row, tcpRow, udpRow } from '../support/batches.js';

/** A batch of TCP and UDP rows in turn; row r has r + 1 packets from src and `payloadBytes` payload bytes. */
export function batchParts(number: number, rows = 8, payloadBytes = 0): BatchParts {
  const payload = payloadBytes > 0 ? { srcPayload: 'p'.repeat(payloadBytes) } : {};
  const list = Array.from({ length: rows }, (_, row) => {
    const change: Row = { ...payload, srcPackets: row + 1 };
    return row % 2 === 0 ? tcpRow(change) : udpRow(change);
  });
  return makeParts(list, { number, firstRecord: (number - 1) * rows + 1 });
}

export function batchFrame(number: number, rows = 8, payloadBytes = 0): Uint8Array {
  return encodeBatch(batchParts(number, rows, payloadBytes));
}

const templates = new Map<number, Uint8Array>();

/** About this many bytes, in 8 rows. Encoded once for each size and then copied under another number. */
export function largeFrame(number: number, bytes: number): Buffer {
  let template = templates.get(bytes);
  if (template === undefined) {
    template = batchFrame(1, 8, Math.max(1, Math.ceil(bytes / 8) - 40));
    templates.set(bytes, template);
  }
  const frame = Buffer.from(template);
  // Field 1 of the batch, fixed64: tag 9, then the number.
  const at = frame.indexOf(Buffer.from([9, 1, 0, 0, 0, 0, 0, 0, 0]));
  frame.writeUInt32LE(number, at + 1);
  return frame;
}

export function gapFrame(batches: number, records: number): Uint8Array {
  return encodeFrame({ kind: 'gap', gap: { batches, records, packets: 0, reason: 'queue-full' } });
}

export function statusFrame(packets: number, last = false): Uint8Array {
  return encodeFrame({ kind: 'status', status: { ...emptyStatus, packets, last } });
}

export function welcomeOf(runId = 'run-1'): Welcome {
  return {
    probeId: 'sensor',
    version: '0.1.0',
    schema: 1,
    startSeconds: 1_700_000_000,
    runId,
    firstBatch: 0,
    lastBatch: 0,
    source: 'synthetic batches',
  };
}

export function subscribeTo(wish: Partial<Subscribe> = {}): Subscribe {
  return { filter: '', after: 0, runId: '', wantPayload: true, wantAll: false, ...wish };
}
