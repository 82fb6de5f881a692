// One reader of the hub: where in the history it stands, and the socket it is written to. It holds no
// frames of its own, so a slow one costs its place and at most a window of bytes in its socket.

import type { EntrySize, Totals } from './history.js';
import type { Selection } from './selections.js';

/** Where frames go. The owner of the socket calls `hub.drained` once `pendingBytes` is back at 0. */
export interface Outlet {
  /** Bytes handed over and not yet taken by the network. */
  readonly pendingBytes: number;
  send(frame: Uint8Array): void;
  /** Says goodbye, with a WebSocket close code and a reason, and ends even if nobody listens. */
  close(code: number, reason: string): void;
}

const nothing: Totals = { batches: 0, records: 0, packets: 0, bytes: 0 };

export class Subscriber {
  readonly outlet: Outlet;
  selection: Selection | undefined;
  /** Place in the history of the next entry to send. */
  place = 0;
  /** All that lies before that place. */
  reached: Totals = nothing;
  /** All that was sent or told as a gap; what is between this and the next entry was missed. */
  told: Totals = nothing;
  /** Catching up on history that it asked for: may lag by all that is held. */
  replaying = false;
  /** Newest status that it has not been sent. */
  status: Uint8Array | undefined;
  /** When its socket became full (performance.now), undefined: it has room. */
  blockedSinceMs: number | undefined;

  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }

  /** What lies between the last thing told and its place, undefined: nothing. */
  missed(): EntrySize | undefined {
    const batches = this.reached.batches - this.told.batches;
    const records = this.reached.records - this.told.records;
    if (batches === 0 && records === 0) return undefined;
    return { batches, records, packets: 0 };
  }
}
