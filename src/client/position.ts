// How far a reader of one server is: what to ask for after a reconnect, and whether a batch is missing or came
// twice. Used by server-source.ts.

import type { Gap, Subscribe, Welcome } from '../wire/frames.js';

export class Position {
  #runId: string | undefined;
  /** Highest batch number that was read or need not be; undefined: the first batch that comes decides. */
  #last: number | undefined;
  /** Batches that gaps spoke of since the last batch. */
  #announced = 0;

  constructor(resume?: { readonly runId: string; readonly after: number }) {
    this.#runId = resume?.runId;
    this.#last = resume?.after;
  }

  /** Takes notice of the server that answers; returns what was lost because the probe is not the same. */
  meet(welcome: Welcome, all: boolean): Gap | undefined {
    this.#announced = 0;
    if (welcome.runId === this.#runId) return undefined;
    const restarted = this.#runId !== undefined;
    this.#runId = welcome.runId;
    if (!restarted) {
      this.#last = all ? undefined : welcome.lastBatch;
      return undefined;
    }
    // Everything that the new run has made is news.
    this.#last = Math.max(0, welcome.firstBatch - 1);
    return { batches: this.#last, records: 0, packets: 0, reason: 'restart' };
  }

  /** What to ask the server for that was met. */
  request(): Pick<Subscribe, 'after' | 'runId' | 'wantAll'> {
    const after = this.#last ?? 0;
    return { after, runId: this.#runId ?? '', wantAll: after === 0 };
  }

  /** A gap that the server told. */
  announce(gap: Gap): void {
    this.#announced += gap.batches;
  }

  /** A batch came. `again`: it was read before; `missing`: batches before it of which nobody spoke. */
  advance(number: number): { again: boolean; missing: number } {
    const expected = (this.#last ?? number - 1) + 1;
    if (number < expected) return { again: true, missing: 0 };
    const missing = Math.max(0, number - expected - this.#announced);
    this.#last = number;
    this.#announced = 0;
    return { again: false, missing };
  }
}
