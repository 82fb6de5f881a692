import { describe, expect, it } from 'vitest';
import { parseTimeRange } from '../../../../src/cli/shared/time-range.js';

const now = new Date(Date.UTC(2026, 10, 24, 14, 30, 15));
const at = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0) =>
  Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
const range = (text: string) => parseTimeRange(text, now);

describe('parseTimeRange', () => {
  it('reads times of day as those of today, in UTC', () => {
    expect(range('10:50:00-11:00:00')).toEqual({ from: at(2026, 11, 24, 10, 50), to: at(2026, 11, 24, 11) });
    expect(range('10:50-11')).toEqual({ from: at(2026, 11, 24, 10, 50), to: at(2026, 11, 24, 11) });
  });

  it('takes a single time for the whole of its smallest part', () => {
    expect(range('14')).toEqual({ from: at(2026, 11, 24, 14), to: at(2026, 11, 24, 15) });
    expect(range('10:50')).toEqual({ from: at(2026, 11, 24, 10, 50), to: at(2026, 11, 24, 10, 51) });
    expect(range('10:50:07')).toEqual({ from: at(2026, 11, 24, 10, 50, 7), to: at(2026, 11, 24, 10, 50, 8) });
    expect(range('2026/11/23')).toEqual({ from: at(2026, 11, 23), to: at(2026, 11, 24) });
    expect(range('2026/02')).toEqual({ from: at(2026, 2, 1), to: at(2026, 3, 1) });
    expect(range('11/23')).toEqual({ from: at(2026, 11, 23), to: at(2026, 11, 24) });
  });

  it('adds a length to a time', () => {
    const expected = { from: at(2026, 11, 24, 10, 50), to: at(2026, 11, 24, 10, 55) };
    expect(range('2026/11/24.10:50+5m')).toEqual(expected);
    expect(range('2026/11/24.10:50-+5m')).toEqual(expected);
  });

  it('gives an end without a date the date of its start', () => {
    expect(range('2026/11/20.10:50-11:00')).toEqual({
      from: at(2026, 11, 20, 10, 50),
      to: at(2026, 11, 20, 11),
    });
  });

  it('lets a range run over midnight', () => {
    expect(range('23:00-01:00')).toEqual({ from: at(2026, 11, 24, 23), to: at(2026, 11, 25, 1) });
  });

  it('includes the day that ends a range', () => {
    expect(range('2026/11/20-2026/11/22')).toEqual({ from: at(2026, 11, 20), to: at(2026, 11, 23) });
  });

  it('counts back from now', () => {
    const seconds = now.getTime() / 1000;
    expect(range('-10m')).toEqual({ from: seconds - 600, to: Number.POSITIVE_INFINITY });
    expect(range('-2h+30m')).toEqual({ from: seconds - 7200, to: seconds - 5400 });
  });

  it('reads seconds since 1970, with fractions', () => {
    expect(range('1700000000.25-1700000060')).toEqual({ from: 1700000000.25, to: 1700000060 });
  });

  it.each([
    '',
    'noon',
    '25:00',
    '10:60',
    '2026/02/30',
    '2026/13/01',
    '2026/11.10:00',
    '10:00-',
    '5m',
    '2026/11/24-2026/11/20',
  ])('refuses %j', (text) => {
    expect(() => range(text)).toThrow('is no time range for -t');
  });
});
