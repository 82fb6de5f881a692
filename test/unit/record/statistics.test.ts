import { describe, expect, it } from 'vitest';
import {
  deviation,
  mergeHistograms,
  mergeStatistics,
  type Statistics,
} from '../../../src/record/statistics.js';

function of(values: readonly number[]): Statistics {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    count: values.length,
    mean,
    m2: values.reduce((sum, value) => sum + (value - mean) ** 2, 0),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

describe('statistics', () => {
  it('of two parts are those of the whole', () => {
    // 2, 4, 6: mean 4, squares 4 + 0 + 4; 10, 20: mean 15, squares 25 + 25; all: mean 8.4.
    expect(mergeStatistics(of([2, 4, 6]), of([10, 20]))).toEqual({
      count: 5,
      mean: 8.4,
      m2: expect.closeTo(6.4 ** 2 + 4.4 ** 2 + 2.4 ** 2 + 1.6 ** 2 + 11.6 ** 2, 9),
      min: 2,
      max: 20,
    });
  });

  it('are the same however the values are cut', () => {
    const values = Array.from({ length: 500 }, (_, i) => ((i * 7919) % 1009) ** 2 + 1e6);
    for (const piece of [1, 2, 3, 17, 250]) {
      let merged: Statistics | undefined;
      for (let at = 0; at < values.length; at += piece)
        merged = mergeStatistics(merged, of(values.slice(at, at + piece)));
      const whole = of(values);
      for (const name of ['mean', 'm2'] as const)
        expect(Math.abs((merged?.[name] ?? 0) / whole[name] - 1)).toBeLessThan(1e-9);
      expect(merged).toMatchObject({ count: 500, min: whole.min, max: whole.max });
    }
  });

  it('of nothing change nothing', () => {
    const some = of([1, 2]);
    expect(mergeStatistics(some, undefined)).toBe(some);
    expect(mergeStatistics(undefined, some)).toBe(some);
    expect(mergeStatistics(undefined, undefined)).toBeUndefined();
  });

  it('have no deviation of a single value', () => {
    expect(deviation(of([5]))).toBeUndefined();
    expect(deviation(of([5, 9]))).toBe(2);
  });

  it('add histograms bin by bin', () => {
    expect(mergeHistograms([1, 0, 2], [0, 5, 1])).toEqual([1, 5, 3]);
  });
});
