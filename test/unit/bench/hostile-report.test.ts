import { describe, expect, it } from 'vitest';
import { hostileTable, judge, mostTimes } from '../../../bench/lib/hostile-report.mjs';

const kind = (name: string, perPacket: number) => ({ name, about: `about ${name}`, perPacket });

describe('a hostile packet', () => {
  it('may cost twenty common ones and not more', () => {
    expect(mostTimes).toBe(20);
    const { rows, tooDear } = judge(100, [kind('cheap', 50), kind('limit', 2000), kind('dear', 2001)]);
    expect(rows.map(({ name, times }: { name: string; times: number }) => [name, times])).toEqual([
      ['dear', 20.01],
      ['limit', 20],
      ['cheap', 0.5],
    ]);
    expect(tooDear).toEqual(['dear']);
  });

  it('whose cost could not be told is too dear', () => {
    expect(judge(100, [kind('odd', Number.NaN)]).tooDear).toEqual(['odd']);
    expect(judge(0, [kind('odd', 0)]).tooDear).toEqual(['odd']);
  });

  it('stands in the table beside the common one', () => {
    const judged = judge(1000, [kind('nesting', 30_000)]);
    const [, , common, row] = hostileTable(1000, judged).split('\n');
    expect(common).toMatch(/^common: a packet of the mixed benchmark +1000 +1\.0$/);
    expect(row).toMatch(/^nesting: about nesting +30000 +30\.0 +TOO DEAR$/);
  });
});
