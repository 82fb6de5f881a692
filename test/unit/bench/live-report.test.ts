import { describe, expect, it } from 'vitest';
import { goalTable, judge, rateTable } from '../../../bench/lib/live-report.mjs';

const trial = (nsPerPacket: number, changes = {}) => ({
  nsPerPacket,
  ...{ pps: 800_000, arrived: 8_000_000, lost: 0, dropped: 0, missedByClient: 0, seconds: 10 },
  ...changes,
});

const figures = (changes = {}) => ({
  overload: { ...trial(250), atLimit: false },
  common: { panoptes: trial(400), argus: trial(3200), softflowd: trial(1000) },
  search: {
    panoptes: { pps: 800_000, atLimit: true, tried: [{}] },
    argus: { pps: 200_000, atLimit: false, tried: [{}, {}] },
    softflowd: { pps: 190_000, atLimit: false, disturbed: true, tried: [{}, {}, {}] },
  },
  peersBest: 200_000,
  fileNs: 200,
  floorNs: 100,
  idleShare: 0.005,
  firstRecord: { recordFile: [0.2, 0.3, 0.4], capture: [0.1, 0.31, 0.5] },
  ...changes,
});

const verdicts = (changes = {}) =>
  judge(figures(changes)).map(({ verdict }: { verdict: string | undefined }) => verdict);

describe('the goals of a link', () => {
  it('are met at their limits and missed beyond', () => {
    expect(verdicts()).toEqual(['met', 'met', undefined, 'met', 'met', 'met', 'MISSED']);
    expect(verdicts({ overload: trial(251) })[1]).toBe('MISSED');
    expect(verdicts({ common: { panoptes: trial(401), argus: trial(3200) } })[3]).toBe('MISSED');
    expect(verdicts({ idleShare: 0.0051 })[4]).toBe('MISSED');
  });

  it.each([{ lost: 1 }, { dropped: 1 }, { missedByClient: 1 }, { lost: Number.NaN }])(
    'are missed by a probe with %j',
    (changes) => {
      expect(verdicts({ overload: trial(250, changes) })[0]).toBe('MISSED');
    },
  );

  it('are not judged against argus where there is none', () => {
    expect(verdicts({ common: { panoptes: trial(400) } })[3]).toBeUndefined();
  });

  it('name the rate that was held', () => {
    const [first] = judge(figures());
    expect(first?.goal).toBe("packets lost in 10 s at 800 kpps (4 x the best peer's 200 kpps)");
    expect(goalTable(judge(figures()))).toMatch(/floors from a file \(100 ns\) +<= 2\.5 +2\.50 +met/);
  });
});

describe('the table of readers', () => {
  it('holds each against the probe', () => {
    const rows = rateTable(figures()).split('\n').slice(2);
    expect(rows[0]).toMatch(/^panoptes +800 \(sender\) +1\.0 +1 +400 +1\.0 +0\.00 % +0$/);
    expect(rows[1]).toMatch(/^argus +200 +4\.0 +2 +3200 +8\.0 /);
    expect(rows[2]).toMatch(/^softflowd +190 \(disturbed\) +4\.2 +3 +1000 +2\.5 /);
  });
});
