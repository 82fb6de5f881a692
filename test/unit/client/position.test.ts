import { describe, expect, it } from 'vitest';
import { Position } from '../../../src/client/position.js';
import { welcomeOf } from '../fanout/synthetic.js';

const gapOf = (batches: number) => ({ batches, records: 0, packets: 0, reason: 'slow-client' });

describe('Position', () => {
  it('asks for what comes after the newest batch of a server that it meets', () => {
    const position = new Position();
    expect(position.meet({ ...welcomeOf(), firstBatch: 5, lastBatch: 20 }, false)).toBeUndefined();
    expect(position.request()).toEqual({ after: 20, runId: 'run-1', wantAll: false });
  });

  it('asks for everything where nothing has been made yet', () => {
    const position = new Position();
    position.meet(welcomeOf(), false);
    expect(position.request()).toEqual({ after: 0, runId: 'run-1', wantAll: true });
  });

  it('asks for all that is held if it is told to, and counts from the first batch that comes', () => {
    const position = new Position();
    position.meet({ ...welcomeOf(), firstBatch: 5, lastBatch: 20 }, true);
    expect(position.request()).toMatchObject({ after: 0, wantAll: true });
    expect(position.advance(7)).toEqual({ again: false, missing: 0 });
    expect(position.advance(9)).toEqual({ again: false, missing: 1 });
  });

  it('takes up after the last batch when it meets the same run again', () => {
    const position = new Position();
    position.meet(welcomeOf(), false);
    position.advance(1);
    position.advance(2);
    expect(position.meet({ ...welcomeOf(), firstBatch: 1, lastBatch: 9 }, false)).toBeUndefined();
    expect(position.request()).toEqual({ after: 2, runId: 'run-1', wantAll: false });
  });

  it('wants all of a new run, and says what of it is gone', () => {
    const position = new Position();
    position.meet(welcomeOf(), false);
    position.advance(1);
    const gap = position.meet({ ...welcomeOf('run-2'), firstBatch: 4, lastBatch: 9 }, false);
    expect(gap).toEqual({ batches: 3, records: 0, packets: 0, reason: 'restart' });
    expect(position.request()).toEqual({ after: 3, runId: 'run-2', wantAll: false });
    expect(position.advance(4)).toEqual({ again: false, missing: 0 });
  });

  it('resumes where it is told to, and tells if that run is over', () => {
    const position = new Position({ runId: 'run-1', after: 8 });
    expect(position.meet({ ...welcomeOf(), firstBatch: 1, lastBatch: 9 }, false)).toBeUndefined();
    expect(position.request()).toMatchObject({ after: 8, runId: 'run-1' });
    const other = new Position({ runId: 'run-0', after: 8 });
    expect(other.meet(welcomeOf(), false)).toMatchObject({ reason: 'restart' });
  });

  it('takes a hole that a gap spoke of for told, and no more than that', () => {
    const position = new Position();
    position.meet(welcomeOf(), false);
    position.advance(1);
    position.announce(gapOf(2));
    position.announce(gapOf(1));
    expect(position.advance(6)).toEqual({ again: false, missing: 1 });
    expect(position.advance(8)).toEqual({ again: false, missing: 1 });
  });

  it('knows a batch that comes a second time', () => {
    const position = new Position();
    position.meet(welcomeOf(), false);
    position.advance(1);
    position.advance(2);
    expect(position.advance(2).again).toBe(true);
    expect(position.advance(1).again).toBe(true);
    expect(position.advance(3)).toEqual({ again: false, missing: 0 });
  });
});
