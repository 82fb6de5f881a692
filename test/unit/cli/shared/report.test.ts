import { expect, it, vi } from 'vitest';
import { describe, exitCodeOf, printShort } from '../../../../src/cli/shared/report.js';
import { PanoptesError } from '../../../../src/errors.js';

it('says what happened and what to do in one line', () => {
  expect(describe('ra', 'it broke', 'mend it')).toBe('panoptes ra: it broke; mend it\n');
  expect(describe('ra', "no 'x', did you mean 'y'?", 'see z')).toBe(
    "panoptes ra: no 'x', did you mean 'y'? see z\n",
  );
  expect(describe('', 'it broke')).toBe('panoptes: it broke\n');
});

it('tells bad usage from failure by the exit code', () => {
  expect(exitCodeOf(new PanoptesError('bad-filter', ''))).toBe(2);
  expect(exitCodeOf(new PanoptesError('bad-option', ''))).toBe(2);
  expect(exitCodeOf(new PanoptesError('no-such-interface', ''))).toBe(2);
  expect(exitCodeOf(new PanoptesError('no-server', ''))).toBe(1);
  expect(exitCodeOf(new Error(''))).toBe(1);
});

it('any number of short texts takes one listener of stdout', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const before = process.stdout.listenerCount('error');
  for (let text = 0; text < 20; text++) printShort(`${text}\n`);
  expect(write).toHaveBeenCalledTimes(20);
  expect(process.stdout.listenerCount('error') - before).toBeLessThanOrEqual(1);
  write.mockRestore();
});
