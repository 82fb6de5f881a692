import { describe, expect, it } from 'vitest';
import { parseRecordLimit } from '../../../../src/cli/shared/record-limit.js';

describe('parseRecordLimit', () => {
  it('reads a count, a range and a start with a count', () => {
    expect(parseRecordLimit('10')).toEqual({ skip: 0, take: 10 });
    expect(parseRecordLimit('o10')).toEqual({ skip: 0, take: 10 });
    expect(parseRecordLimit('5-8')).toEqual({ skip: 4, take: 4 });
    expect(parseRecordLimit('5-5')).toEqual({ skip: 4, take: 1 });
    expect(parseRecordLimit('5+3')).toEqual({ skip: 4, take: 3 });
    expect(parseRecordLimit('0')).toEqual({ skip: 0, take: 0 });
  });

  it.each(['', 'ten', '-1', '8-5', '0-5', '0+5', '1.5', '5-'])('refuses %j', (text) => {
    expect(() => parseRecordLimit(text)).toThrow('is no record count for -N');
  });
});
