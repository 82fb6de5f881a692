import { describe, expect, it } from 'vitest';
import { History } from '../../../src/fanout/history.js';

const bytes = new Uint8Array(100);
const one = { batches: 1, records: 10, packets: 0 };

function historyOf(count: number, limitBytes = 1000): History {
  const history = new History(limitBytes);
  for (let number = 1; number <= count; number++) history.append('batch', number, bytes, one);
  return history;
}

describe('History', () => {
  it('holds nothing at first', () => {
    const history = new History(1000);
    expect([history.begin, history.end, history.firstNumber, history.lastNumber, history.bytes]).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it('drops the oldest entries beyond its limit', () => {
    const history = historyOf(25);
    expect(history.bytes).toBe(1000);
    expect(history.firstNumber).toBe(16);
    expect(history.lastNumber).toBe(25);
    expect(history.at(history.begin - 1)).toBeUndefined();
    expect(history.at(history.begin)?.number).toBe(16);
    expect(history.at(history.end)).toBeUndefined();
  });

  it('keeps the newest entry even if it is larger than the limit', () => {
    const history = historyOf(2, 50);
    expect(history.firstNumber).toBe(2);
    expect(history.bytes).toBe(100);
  });

  it('finds the place after every number, also once many entries were dropped', () => {
    const history = historyOf(5000, 200_000);
    for (let number = history.firstNumber; number < 5000; number += 7) {
      expect(history.at(history.placeAfter(number))?.number).toBe(number + 1);
    }
    expect(history.placeAfter(0)).toBe(history.begin);
    expect(history.placeAfter(5000)).toBe(history.end);
  });

  it('counts what went by, so that a skip is a subtraction', () => {
    const history = historyOf(5);
    history.append('gap', 5, bytes, { batches: 3, records: 30, packets: 900 });
    expect(history.totals).toEqual({ batches: 8, records: 80, packets: 900, bytes: 600 });
    expect(history.at(3)?.before).toEqual({ batches: 3, records: 30, packets: 0, bytes: 300 });
  });

  it('tells a gap again to a reader that has the batch before it', () => {
    const history = historyOf(5);
    history.append('gap', 5, bytes, one);
    history.append('batch', 7, bytes, one);
    expect(history.at(history.placeAfter(4))?.kind).toBe('batch');
    expect(history.at(history.placeAfter(5))?.kind).toBe('gap');
    expect(history.at(history.placeAfter(6))?.number).toBe(7);
  });

  it('knows how many batches a reader that comes back cannot get', () => {
    const history = historyOf(25); // holds 16 to 25
    expect(history.forgottenAfter(10)).toBe(5);
    expect(history.forgottenAfter(15)).toBe(0);
    expect(history.forgottenAfter(20)).toBe(0);
    expect(history.forgottenAfter(25)).toBe(0);
  });

  it('does not take batches that a held gap speaks of for forgotten', () => {
    const history = historyOf(5);
    history.append('gap', 5, bytes, { batches: 2, records: 20, packets: 0 });
    history.append('batch', 8, bytes, one);
    expect(history.forgottenAfter(5)).toBe(0);
  });
});
