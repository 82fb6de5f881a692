import { describe, expect, it } from 'vitest';
import { coverageText, ranges, sumLines, summarize } from '../../../scripts/lib/line-coverage.mjs';

const folder = '/p/native/decode';
const lines = (counts: Record<number, number>) =>
  Object.entries(counts).map(([line, count]) => ({ line_number: Number(line), count }));

// One header in two objects, one template twice in the same object, a test and another room.
const documents = [
  {
    current_working_directory: '/p/build',
    files: [
      { file: '/p/native/decode/ip.h', lines: lines({ 3: 0, 4: 2, 5: 0 }) },
      { file: '/p/native/decode/ip.cc', lines: lines({ 10: 1, 11: 0, 12: 0, 20: 0 }) },
      { file: '/p/native/flow/flow.h', lines: lines({ 1: 1 }) },
      { file: '/p/native/decoder/other.h', lines: lines({ 1: 1 }) },
    ],
  },
  {
    current_working_directory: '/p/native/decode',
    files: [
      { file: 'ip.h', lines: [...lines({ 3: 1 }), ...lines({ 3: 0, 5: 0 })] },
      { file: '/usr/include/string', lines: lines({ 1: 1 }) },
    ],
  },
];

describe('the coverage of lines', () => {
  it('is summed over objects for the files of one folder', () => {
    const files = sumLines(documents, folder);
    expect([...files.keys()]).toEqual([`${folder}/ip.cc`, `${folder}/ip.h`]);
    expect(files.get(`${folder}/ip.h`)).toEqual(
      new Map([
        [3, 1],
        [4, 2],
        [5, 0],
      ]),
    );
  });

  it('counts a line once, however often it was executed', () => {
    const { rows, lines: all, executed, percent } = summarize(sumLines(documents, folder));
    expect(rows.map((row) => [row.executed, row.lines, row.missed])).toEqual([
      [1, 4, [11, 12, 20]],
      [2, 3, [5]],
    ]);
    expect([executed, all]).toEqual([3, 7]);
    expect(percent).toBeCloseTo(42.857, 2);
  });

  it('of nothing is none', () => {
    expect(summarize(sumLines([], folder)).percent).toBe(0);
  });

  it('names the lines that were not executed', () => {
    const text = coverageText(summarize(sumLines(documents, folder)), folder).split('\n');
    expect(text[0]).toMatch(/^ip\.cc +1\/4 +25\.0 % {2}not: 11-12, 20$/);
    expect(text[2]).toMatch(/^all +3\/7 +42\.9 %$/);
    expect(ranges([])).toBe('');
    expect(ranges([1, 3, 4, 5, 9])).toBe('1, 3-5, 9');
  });
});
