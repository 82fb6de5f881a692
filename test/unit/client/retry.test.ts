import { describe, expect, it } from 'vitest';
import { retryDelay } from '../../../src/client/server-source.js';

describe('retryDelay', () => {
  it('doubles from half a second up to 15 s', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 1000].map((failures) => retryDelay(500, failures, 1));
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('varies, so that the clients of one server do not all come back at once', () => {
    expect(retryDelay(500, 3, 0)).toBe(2000);
    expect(retryDelay(500, 3, 0.5)).toBe(3000);
  });
});
