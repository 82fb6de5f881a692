import { describe, expect, it } from 'vitest';
import { highestRate, isLossless } from '../../../bench/lib/live-search.mjs';

/** A reader that loses everything beyond `most` packets a second. */
function reader(most: number) {
  const asked: number[] = [];
  const attempt = async (pps: number) => {
    asked.push(pps);
    return { pps, arrived: pps, lost: Math.max(0, pps - most) };
  };
  return { asked, attempt };
}

describe('the highest rate without loss', () => {
  it('is found from below by doubling, then halving what lies between', async () => {
    const { asked, attempt } = reader(310_000);
    const { pps, atLimit } = await highestRate(attempt, { start: 100_000, limit: 10e6 });
    expect(asked).toEqual([100_000, 200_000, 400_000, 300_000, 350_000, 325_000]);
    expect(pps).toBe(300_000);
    expect(atLimit).toBe(false);
  });

  it('is found from above by halving', async () => {
    const { asked, attempt } = reader(110_000);
    const { pps } = await highestRate(attempt, { start: 400_000, limit: 10e6 });
    expect(asked).toEqual([400_000, 200_000, 100_000, 150_000, 125_000, 112_500, 106_250]);
    expect(pps).toBe(106_250);
  });

  it('is the limit of the sender where nothing is lost there, and says so', async () => {
    const { asked, attempt } = reader(10e6);
    const found = await highestRate(attempt, { start: 400_000, limit: 900_000 });
    expect(asked).toEqual([400_000, 800_000, 900_000]);
    expect(found).toMatchObject({ pps: 900_000, atLimit: true, disturbed: false });
  });

  it('is no more than what was sent: a sender that falls short is asked again, but not for ever', async () => {
    const asked: number[] = [];
    const found = await highestRate(
      async (pps: number) => {
        asked.push(pps);
        return { pps: 150_000, arrived: 150_000, lost: 0 };
      },
      { start: 200_000, limit: 1e6 },
    );
    expect(asked).toEqual([200_000, 200_000, 200_000]);
    expect(found).toMatchObject({ pps: 150_000, atLimit: false, disturbed: true });
  });

  it('is none where everything loses, after so many trials', async () => {
    const { asked, attempt } = reader(0);
    const { pps, tried } = await highestRate(attempt, { start: 100, limit: 1e6, trials: 3 });
    expect(asked).toEqual([100, 50, 25]);
    expect(pps).toBe(0);
    expect(tried.map(({ lossless }: { lossless: boolean }) => lossless)).toEqual([false, false, false]);
  });

  it('is searched no longer than there is time', async () => {
    const { asked, attempt } = reader(10e6);
    await highestRate(attempt, { start: 100, limit: 1e9, more: () => asked.length < 2 });
    expect(asked).toEqual([100, 200]);
  });
});

describe('a trial', () => {
  it('is without loss up to one packet in ten thousand, and never without packets', () => {
    expect(isLossless({ arrived: 10_000, lost: 1 })).toBe(true);
    expect(isLossless({ arrived: 10_000, lost: 2 })).toBe(false);
    expect(isLossless({ arrived: 0, lost: 0 })).toBe(false);
    expect(isLossless({ arrived: 10, lost: Number.NaN })).toBe(false);
  });
});
