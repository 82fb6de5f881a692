import { expect, test } from 'vitest';
import { parseCpus } from '../../../../src/cli/shared/cpu-list.js';

test('takes CPUs one by one and by ranges', () => {
  expect(parseCpus('2,3')).toEqual([2, 3]);
  expect(parseCpus('2-5')).toEqual([2, 3, 4, 5]);
  expect(parseCpus('7, 0-1')).toEqual([7, 0, 1]);
  expect(parseCpus('1023')).toEqual([1023]);
});

test.each(['', '2,', 'a', '-1', '1-', '5-2', '2.5', '1024', '0x1'])('refuses %j', (text) => {
  expect(() => parseCpus(text)).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
});
