// Several streams as one. Neighbours: openSource on one side, a command's loop on the other.

import { PanoptesError } from '../errors.js';
import type { StreamItem } from './stream-types.js';

/** Opens a stream when its turn has come; the signal ends it. */
export type Opener = (signal: AbortSignal) => AsyncIterable<StreamItem>;

/**
 * Runs the lanes at once and the streams of a lane one after the other. At most one item of each lane waits to be
 * taken. A stream that fails is a warning while there are others; in the end the first failure is thrown.
 */
export async function* mergeStreams(
  lanes: readonly (readonly Opener[])[],
  signal: AbortSignal,
): AsyncGenerator<StreamItem, void, undefined> {
  const streams = lanes.flat();
  const [only] = streams;
  if (streams.length === 1 && only !== undefined) return yield* only(signal);

  // Ends the lanes when the consumer leaves: one that waits for its network would not hear of it otherwise.
  const leaving = new AbortController();
  const ended = AbortSignal.any([signal, leaving.signal]);
  const failures: unknown[] = [];
  const running = lanes.map((lane) => laneItems(lane, ended, failures));
  const ready: { lane: AsyncIterator<StreamItem>; result: IteratorResult<StreamItem> }[] = [];
  let wake = () => {};
  const ask = (lane: AsyncIterator<StreamItem>) => {
    void lane.next().then((result) => {
      ready.push({ lane, result });
      wake();
    });
  };
  let active = lanes.length;
  try {
    for (const lane of running) ask(lane);
    while (active > 0) {
      const next = ready.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (next.result.done) {
        active--;
      } else {
        ask(next.lane);
        yield next.result.value;
      }
    }
  } finally {
    leaving.abort();
    // Not awaited: what a lane still has to do is nothing to the consumer.
    for (const lane of running) void lane.return();
  }
  if (failures.length === 0 || signal.aborted) return;
  const [first] = failures;
  if (!(first instanceof PanoptesError)) throw first;
  const message = `${failures.length} of ${streams.length} sources failed, the first: ${first.message}`;
  throw new PanoptesError(first.code, message, first.hint, first);
}

// Throws nothing: what fails is noted and told.
async function* laneItems(
  lane: readonly Opener[],
  signal: AbortSignal,
  failures: unknown[],
): AsyncGenerator<StreamItem, void, undefined> {
  for (const open of lane) {
    if (signal.aborted) return;
    try {
      yield* open(signal);
    } catch (error) {
      failures.push(error);
      const known = error instanceof PanoptesError ? error : new PanoptesError('internal', String(error));
      const { code, message, hint } = known;
      yield { kind: 'warning', code, message, ...(hint === undefined ? {} : { hint }) };
    }
  }
}
