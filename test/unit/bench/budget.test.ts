import { describe, expect, it } from 'vitest';
import { budget } from '../../../bench/lib/budget.mjs';
import { budgetTable } from '../../../bench/lib/report.mjs';

const result = (panoptes: number[], floor = [80, 90, 100], flows = 100) => ({
  name: 'mix',
  packets: 1000,
  flows,
  samples: { floor, panoptes },
});

describe('the budget of a packet', () => {
  it('is a multiple of the floor and the export of its share of a flow', () => {
    // 150 ns for a flow of ten packets: 15 ns a packet on top of a floor of 90
    const measured = budget(result([105, 210, 126]));
    expect(measured).toMatchObject({ exportNs: 15, allowedNs: 105 });
    expect(measured?.goalNs).toBeCloseTo(168);
    expect(measured?.aimNs).toBeCloseTo(136.5);
    expect(measured?.times[0]).toBeCloseTo(105 / 95);
    expect(measured?.times[2]).toBeCloseTo(126 / 115);
  });

  it.each([
    [136, 'aim'],
    [137, 'goal'],
    [168, 'goal'],
    [169, 'MISSED'],
    [Number.NaN, 'MISSED'],
  ])('of 105 ns says of %d: %s', (ns, verdict) => {
    expect(budget(result([ns, ns, ns]))?.verdict).toBe(verdict);
  });

  it('is not told where one of the two failed in a round', () => {
    expect(budget(result([100, 100]))).toBeUndefined();
    expect(budget({ packets: 1, flows: 1, samples: { floor: [1], panoptes: undefined } })).toBeUndefined();
  });

  it('stands in a table with the range of the rounds', () => {
    const one = result([105, 210, 126]);
    const [, , row] = budgetTable([{ ...one, budget: budget(one) }]).split('\n');
    expect(row).toMatch(/^mix +126 +90 \(80-100\) +15 +1\.11 \(1\.10-2\.00\) +168 +13[67] +aim$/);
  });
});
