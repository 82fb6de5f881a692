import { describe, expect, it } from 'vitest';
import { parseValue } from '../../../src/filter/units.js';

const value = (text: string, unit: string) => parseValue(text, unit);

describe('parseValue', () => {
  it('takes integers and floats alike', () => {
    expect(value('10', 'ms')).toEqual({ value: 10 });
    expect(value('10.0', 'ms')).toEqual({ value: 10 });
    expect(value('.5', 's')).toEqual({ value: 0.5 });
    expect(value('-1e-3', 'none')).toEqual({ value: -0.001 });
    expect(value('0x10', 'none')).toEqual({ value: 16 });
  });

  it('converts times to the unit of the field without rounding dirt', () => {
    expect(value('10ms', 's')).toEqual({ value: 0.01 });
    expect(value('30ms', 's')).toEqual({ value: 0.03 });
    expect(value('250us', 'ms')).toEqual({ value: 0.25 });
    expect(value('7ns', 's')).toEqual({ value: 7e-9 });
    expect(value('2s', 'ms')).toEqual({ value: 2000 });
    expect(value('5m', 's')).toEqual({ value: 300 });
    expect(value('1.5h', 's')).toEqual({ value: 5400 });
  });

  it('multiplies counts by thousands, or by 1024 where an i says so', () => {
    expect(value('1.5k', 'packets')).toEqual({ value: 1500 });
    expect(value('5M', 'bytes')).toEqual({ value: 5_000_000 });
    expect(value('2G', 'bit/s')).toEqual({ value: 2e9 });
    expect(value('4Ki', 'bytes')).toEqual({ value: 4096 });
  });

  it('takes % for percentages only', () => {
    expect(value('5%', '%')).toEqual({ value: 5 });
    expect(value('5%', 'bytes')).toMatchObject({ problem: 'wrong-unit' });
  });

  it('refuses a unit that the field does not have', () => {
    expect(value('10ms', 'bytes')).toMatchObject({ problem: 'wrong-unit' });
    expect(value('1M', 's')).toMatchObject({ problem: 'wrong-unit' });
    expect(value('1m', 'bytes')).toMatchObject({ problem: 'wrong-unit' });
  });

  it('refuses what is no number', () => {
    for (const text of ['', 'ten', '-', '.', '1e999'])
      expect(value(text, 's')).toMatchObject({ problem: 'no-number' });
  });
});
