import { describe, expect, it } from 'vitest';
import { compare, gateTable, tolerance } from '../../../bench/lib/instruction-gate.mjs';

const counts = (perPacket: Record<string, number>, changes = {}) => ({
  compiler: 'g++ 12',
  target: 'x86_64-linux-gnu',
  packets: 1000,
  perPacket,
  ...changes,
});

const verdicts = (before: Record<string, number>, after: Record<string, number>) =>
  compare(counts(before), counts(after)).rows.map(({ verdict }: { verdict: string | undefined }) => verdict);

describe('the gate on instructions', () => {
  it('lets three per cent more pass and not a bit beyond', () => {
    expect(tolerance).toBe(0.03);
    const { bad, better } = compare(counts({ a: 1000, b: 1000 }), counts({ a: 1030, b: 1031 }));
    expect(bad).toEqual(['b']);
    expect(better).toEqual([]);
  });

  it('names what became cheaper, and passes it', () => {
    const { bad, better } = compare(counts({ a: 1000, b: 1000 }), counts({ a: 970, b: 969 }));
    expect(bad).toEqual([]);
    expect(better).toEqual(['b']);
  });

  it('fails a case that nobody accepted, and one that was accepted and not counted', () => {
    const { bad } = compare(counts({ a: 1, gone: 1 }), counts({ a: 1, fresh: 1 }));
    expect(bad).toEqual(['gone', 'fresh']);
    expect(verdicts({ gone: 1 }, { fresh: 1 })).toEqual(['NOT COUNTED', 'NEW']);
  });

  it('fails what is no number', () => {
    expect(verdicts({ a: 1 }, { a: Number.NaN })).toEqual(['WORSE']);
    expect(verdicts({ a: 0 }, { a: 0 })).toEqual(['WORSE']);
  });

  it.each([
    [{ compiler: 'g++ 13' }, 'the compiler differs: accepted g++ 12, here g++ 13'],
    [
      { target: 'aarch64-linux-gnu' },
      'the processor differs: accepted x86_64-linux-gnu, here aarch64-linux-gnu',
    ],
    [{ packets: 10 }, 'the number of packets differs: accepted 1000, here 10'],
  ])('judges nothing and says why where there is %j', (changes, why) => {
    const { notJudged, bad, rows } = compare(counts({ a: 1 }), counts({ a: 100 }, changes));
    expect(notJudged).toBe(why);
    expect(bad).toEqual([]);
    expect(rows[0]).toMatchObject({ ratio: 100, verdict: undefined });
  });

  it('shows both counts and what it thinks of them', () => {
    const [, , row] = gateTable(compare(counts({ dns: 2000 }), counts({ dns: 2500 })).rows).split('\n');
    expect(row).toMatch(/^dns +2000\.0 +2500\.0 +1\.250 +WORSE$/);
  });
});
