import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mergeStreams, type Opener } from '../../../src/client/merge.js';
import type { StreamItem } from '../../../src/client/stream.js';
import { PanoptesError } from '../../../src/errors.js';

const { signal } = new AbortController();

function item(text: string): StreamItem {
  return { kind: 'warning', code: 'test', message: text };
}

function opener(texts: readonly string[], options: { ms?: number; error?: Error } = {}): Opener {
  return async function* () {
    for (const text of texts) {
      if (options.ms !== undefined) await sleep(options.ms);
      yield item(text);
    }
    if (options.error !== undefined) throw options.error;
  };
}

async function messages(items: AsyncIterable<StreamItem>, into: string[] = []): Promise<string[]> {
  for await (const each of items) if (each.kind === 'warning') into.push(each.message);
  return into;
}

describe('mergeStreams', () => {
  it('runs the streams of a lane one after the other', async () => {
    const lane = [opener(['a', 'b'], { ms: 5 }), opener(['c'])];
    expect(await messages(mergeStreams([lane], signal))).toEqual(['a', 'b', 'c']);
  });

  it('runs lanes at once, and lets a busy one not starve a quiet one', async () => {
    const busy = opener(Array.from({ length: 10 }, () => 'busy'));
    const seen = await messages(mergeStreams([[busy], [opener(['quiet'])]], signal));
    expect(seen).toHaveLength(11);
    expect(seen.indexOf('quiet')).toBeLessThan(4);
  });

  it('throws the error of an only stream as it is', async () => {
    const error = new PanoptesError('no-server', 'nobody there');
    await expect(messages(mergeStreams([[opener(['a'], { error })]], signal))).rejects.toBe(error);
  });

  it('goes on with the others when one fails, says so, and fails in the end', async () => {
    const error = new PanoptesError('no-server', 'nobody there', 'look elsewhere');
    const seen: string[] = [];
    const lanes = [[opener([], { error })], [opener(['a', 'b'], { ms: 5 })]];
    await expect(messages(mergeStreams(lanes, signal), seen)).rejects.toMatchObject({
      code: 'no-server',
      message: '1 of 2 sources failed, the first: nobody there',
    });
    expect(seen).toEqual(['nobody there', 'a', 'b']);
  });

  it('ends lanes that have an item ready when the consumer leaves', async () => {
    let ended = false;
    const ready: Opener = async function* () {
      try {
        yield item('a');
        yield item('b');
        yield item('c');
      } finally {
        ended = true;
      }
    };
    for await (const _ of mergeStreams([[ready], [opener(['x'])]], signal)) break;
    await sleep(1);
    expect(ended).toBe(true);
  });

  it('ends lanes that wait for their network when the consumer leaves', async () => {
    let ended = false;
    const waiting: Opener = async function* (lane) {
      await new Promise((resolve) => lane.addEventListener('abort', resolve));
      ended = true;
      yield* [];
    };
    for await (const each of mergeStreams([[waiting], [opener(['a', 'b'])]], signal)) {
      expect(each).toEqual(item('a'));
      break;
    }
    await sleep(1);
    expect(ended).toBe(true);
  });
});
