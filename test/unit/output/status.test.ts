// The probe's own report as text.
import { describe, expect, it } from 'vitest';
import { statusJson, statusLine } from '../../../src/output/status.js';
import type { ProbeStatus } from '../../../src/wire/frames.js';

const status: ProbeStatus = {
  timeSeconds: 1795528527,
  timeNanos: 123_456_789,
  packets: 100,
  bytes: 9000,
  records: 12,
  batches: 1,
  flows: 3,
  flowsOpened: 9,
  dropped: 4,
  evicted: 0,
  undecoded: { truncated: 5, 'bad-length': 0 },
  batchesDropped: 0,
  recordsDropped: 0,
  packetsDroppedInRecords: 0,
  queuedBatches: 0,
  queuedBytes: 0,
  sources: [{ name: 'eth0', received: 104, dropped: 4, ifDropped: 0 }],
  maxFlows: 1000,
  payloadSkipped: 0,
  fragmentsHeld: 0,
  fragmentsJoined: 5,
  fragmentsOrphaned: 0,
  fragmentsOverflow: 0,
  extraSkipped: 0,
  tcpSkipped: 0,
  tcpHolesOverflow: 0,
  gapClassesSkipped: 0,
  rtpSkipped: 0,
  responseSkipped: 0,
  intervalDropped: 0,
  notesDropped: 0,
  last: true,
};

describe('statusLine', () => {
  it('says what there is to say, in one line', () => {
    expect(statusLine(status)).toBe(
      '2026-11-24T13:55:27.123456Z man packets 100, bytes 9000, records 12, flows 3, dropped 4, undecoded truncated 5, end\n',
    );
    const busy = { ...status, evicted: 7, recordsDropped: 8, last: false };
    expect(statusLine(busy, { unix: true, precision: 0 })).toBe(
      '1795528527 man packets 100, bytes 9000, records 12, flows 3, dropped 4, evicted 7, records dropped 8, undecoded truncated 5\n',
    );
    const short = {
      ...status,
      intervalDropped: 3,
      fragmentsOrphaned: 6,
      fragmentsOverflow: 2,
      extraSkipped: 3,
      tcpSkipped: 1,
      tcpHolesOverflow: 4,
      gapClassesSkipped: 8,
      rtpSkipped: 9,
      responseSkipped: 10,
      notesDropped: 11,
    };
    expect(statusLine(short, { unix: true, precision: 0 })).toContain(
      'dropped 4, dropped in this interval 3, fragments orphaned 6, fragments overflow 2, extra skipped 3, tcp skipped 1, tcp holes overflow 4, gap classes skipped 8, rtp skipped 9, responses skipped 10, notes dropped 11, undecoded truncated 5, end',
    );
  });
});

describe('statusJson', () => {
  it('is an object of type status with all counters, those of 0 too', () => {
    const text = statusJson(status);
    expect(text.endsWith('}\n')).toBe(true);
    const { timeSeconds: _seconds, timeNanos: _nanos, ...counters } = status;
    expect(JSON.parse(text)).toEqual({ type: 'status', time: '2026-11-24T13:55:27.123456Z', ...counters });
    expect(JSON.parse(statusJson(status, { unix: true }))).toMatchObject({ time: 1795528527.123456 });
  });
});
