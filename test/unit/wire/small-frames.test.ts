// Frames that are made, and looked into, without the generated code say what it says.
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../src/wire/codec.js';
import { emptyStatus, type Gap, type Welcome } from '../../../src/wire/frames.js';
import { panoptes } from '../../../src/wire/generated/panoptes.js';
import { peekReport } from '../../../src/wire/peek.js';
import { encodeGap, encodeWelcome } from '../../../src/wire/small-frames.js';

const welcome: Welcome = {
  probeId: 'sonde-ä',
  version: '1.2.3',
  schema: 1,
  startSeconds: 1_700_000_000,
  runId: '00ff00ff00ff00ff',
  firstBatch: 2 ** 40 + 300,
  lastBatch: Number.MAX_SAFE_INTEGER,
  source: 'x'.repeat(300),
};
const bare: Welcome = {
  probeId: '',
  version: '',
  schema: 0,
  startSeconds: 0,
  runId: '',
  firstBatch: 0,
  lastBatch: 0,
  source: '',
};
const gap: Gap = { batches: 1, records: 2 ** 33 + 5, reason: 'queue-full', packets: Number.MAX_SAFE_INTEGER };

describe('frames made by hand', () => {
  it.each([welcome, bare])('a welcome has the bytes of the generated code', (of) => {
    expect([...encodeWelcome(of)]).toEqual([...panoptes.v1.Frame.encode({ welcome: of }).finish()]);
    expect(decodeFrame(encodeWelcome(of))).toEqual({ kind: 'welcome', welcome: of });
  });

  it.each([gap, { batches: 0, records: 0, reason: '', packets: 0 }])('a gap as well', (of) => {
    expect([...encodeGap(of)]).toEqual([...panoptes.v1.Frame.encode({ gap: of }).finish()]);
  });
});

describe('what is told of a probe', () => {
  it('is read from a status between all its other fields', () => {
    const told = { packets: 2 ** 40, records: 7, flowsOpened: 300, dropped: 1 };
    const status = {
      ...emptyStatus,
      ...told,
      bytes: 9,
      evicted: 3,
      undecoded: { unknown_network: 5 },
      sources: [{ name: 'eth0', received: 1, dropped: 2, ifDropped: 3 }],
      last: true,
    };
    expect(peekReport(encodeFrame({ kind: 'status', status }))).toEqual({ kind: 'status', status: told });
  });

  it('is zero where a status leaves it out', () => {
    const told = { packets: 0, records: 0, flowsOpened: 0, dropped: 0 };
    expect(peekReport(encodeFrame({ kind: 'status', status: emptyStatus }))).toEqual({
      kind: 'status',
      status: told,
    });
  });

  it('is the reason of a gap, and nothing of other frames', () => {
    expect(peekReport(encodeGap(gap))).toEqual({ kind: 'gap', reason: 'queue-full' });
    expect(peekReport(encodeWelcome(welcome))).toBeUndefined();
  });
});
