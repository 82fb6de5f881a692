import { describe, expect, it } from 'vitest';
import { compareSeries, median } from '../../../bench/lib/statistics.mjs';
import { textTable } from '../../../bench/lib/table.mjs';

describe('median', () => {
  it('takes the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('takes the mean of the two middle values', () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('is not a number where nothing was measured', () => {
    expect(median([])).toBeNaN();
  });
});

describe('compareSeries', () => {
  it('calls a difference noise while the ranges overlap', () => {
    expect(compareSeries([10, 11, 14], [13, 20, 21])).toEqual({ ratio: 20 / 11, verdict: 'within noise' });
  });

  it('calls touching ranges noise', () => {
    expect(compareSeries([1, 1, 2], [2, 3, 3]).verdict).toBe('within noise');
  });

  it('tells slower from faster once the ranges are apart', () => {
    expect(compareSeries([10, 11, 12], [13, 14, 14]).verdict).toBe('slower');
    expect(compareSeries([13, 13, 14], [10, 11, 12]).verdict).toBe('faster');
  });

  it('does not judge fewer than three rounds', () => {
    expect(compareSeries([10, 11], [20, 21, 22])).toEqual({ ratio: 2, verdict: 'too few rounds' });
  });
});

describe('textTable', () => {
  it('prints what was not measured as a dash, numbers to the right', () => {
    const lines = textTable([
      ['case', 'ns'],
      ['mix', 120],
      ['longer', undefined],
    ]).split('\n');
    expect(lines).toEqual(['case     ns', '------  ---', 'mix     120', 'longer    -']);
  });
});
