// One stream of encoded frames in, the same bytes out to many: between the probe and the sockets. Numbers
// are peeked; a batch is decoded only where a subscriber wants less than all of it.

import { PanoptesError } from '../errors.js';
import { decodeFrame, encodeFrame } from '../wire/codec.js';
import type { Subscribe, Welcome } from '../wire/frames.js';
import { peekFrame } from '../wire/peek.js';
import { type EntrySize, History } from './history.js';
import type { HubCounters, HubOptions } from './hub-options.js';
import { asBuffer, Selections } from './selections.js';
import type { Subscriber } from './subscriber.js';

export type { HubCounters, HubOptions } from './hub-options.js';

const mebibyte = 1 << 20;
// Below this a socket may never have been full in its own eyes, and would not tell that it has drained.
const smallestWindow = 128 << 10;
// Entries of a replay that a subscriber is sent before the others get their turn.
const entriesAtOnce = 8;
const tickMs = 1000;

export class Hub {
  readonly #welcome: () => Welcome;
  readonly #history: History;
  readonly #selections: Selections;
  readonly #limitBytes: number;
  readonly #windowBytes: number;
  readonly #stallMs: number;
  readonly #turnMs: number;
  readonly #subscribers = new Set<Subscriber>();
  // Those that may have something to be sent; first come, first served.
  readonly #due = new Set<Subscriber>();
  #isScheduled = false;
  #status: Uint8Array | undefined;
  // The last status of a run follows all its batches; others may overtake them.
  #statusIsLast = false;
  #ticker: NodeJS.Timeout | undefined;
  #batches = 0;
  #bytes = 0;
  #sentFrames = 0;
  #sentBytes = 0;
  #missedBatches = 0;
  #missedRecords = 0;
  #stalled = 0;

  constructor(options: HubOptions) {
    this.#welcome = options.welcome;
    this.#limitBytes = options.limitBytes ?? 32 * mebibyte;
    this.#windowBytes = Math.max(options.windowBytes ?? mebibyte / 2, smallestWindow);
    this.#stallMs = options.stallMs ?? 60_000;
    this.#turnMs = options.turnMs ?? 10;
    this.#history = new History(Math.max(options.historyBytes ?? 64 * mebibyte, this.#limitBytes));
    this.#selections = new Selections(options.filteredBytes ?? 16 * mebibyte);
  }

  get counters(): HubCounters {
    return {
      batches: this.#batches,
      bytes: this.#bytes,
      subscribers: this.#subscribers.size,
      historyBytes: this.#history.bytes,
      firstBatch: this.#history.firstNumber,
      lastBatch: this.#history.lastNumber,
      decodes: this.#selections.decodes,
      encodes: this.#selections.encodes,
      sentFrames: this.#sentFrames,
      sentBytes: this.#sentBytes,
      missedBatches: this.#missedBatches,
      missedRecords: this.#missedRecords,
      stalled: this.#stalled,
    };
  }

  /** The probe and the batches held: the first frame for everyone who connects. */
  welcome(): Welcome {
    return {
      ...this.#welcome(),
      firstBatch: this.#history.firstNumber,
      lastBatch: this.#history.lastNumber,
    };
  }

  /** Takes an encoded batch, status or gap; the bytes must not be changed afterwards. */
  publish(frameBytes: Uint8Array): void {
    const bytes = asBuffer(frameBytes);
    const peeked = peekFrame(bytes);
    if (peeked.kind === 'status') {
      const frame = decodeFrame(bytes);
      this.#status = bytes;
      this.#statusIsLast = frame.kind === 'status' && frame.status.last;
      for (const subscriber of this.#subscribers) subscriber.status = bytes;
    } else if (peeked.kind === 'batch') {
      this.#appendBatch(bytes, peeked.number ?? 0, peeked.rows ?? 0);
    } else if (peeked.kind === 'gap') {
      this.#appendGap(bytes);
    } else {
      throw new PanoptesError('internal', `a ${peeked.kind} frame was published`);
    }
    this.#serve(this.#subscribers);
  }

  /** Begins to send what `subscribe` asks for. Throws 'bad-filter', and then sends nothing. */
  attach(subscriber: Subscriber, subscribe: Subscribe): void {
    const history = this.#history;
    subscriber.selection = this.#selections.acquire(subscribe.filter, subscribe.wantPayload);
    const sameRun = subscribe.runId === '' || subscribe.runId === this.#welcome().runId;
    if (subscribe.after > 0 && sameRun) this.#moveTo(subscriber, history.placeAfter(subscribe.after));
    else this.#moveTo(subscriber, subscribe.wantAll ? history.begin : history.end);
    subscriber.told = subscriber.reached;
    subscriber.replaying = subscriber.place < history.end;
    subscriber.status = this.#status;
    this.#subscribers.add(subscriber);
    const forgotten = subscribe.after > 0 && sameRun ? history.forgottenAfter(subscribe.after) : 0;
    if (forgotten > 0) this.#sendGap(subscriber, { batches: forgotten, records: 0, packets: 0 }, 'history');
    this.#ticker ??= setInterval(() => this.#closeStalled(), tickMs).unref();
    this.#serve([subscriber]);
  }

  detach(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    this.#due.delete(subscriber);
    this.#selections.release(subscriber.selection);
    if (this.#subscribers.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  /** The subscriber's socket has taken all that it was given. */
  drained(subscriber: Subscriber): void {
    subscriber.blockedSinceMs = undefined;
    if (this.#subscribers.has(subscriber)) this.#serve([subscriber]);
  }

  /** Whether the subscriber has been sent, and the network has taken, all that was published. */
  isIdle(subscriber: Subscriber): boolean {
    if (!this.#subscribers.has(subscriber)) return true;
    return subscriber.place === this.#history.end && subscriber.outlet.pendingBytes === 0;
  }

  #appendBatch(bytes: Uint8Array, number: number, rows: number): void {
    const last = this.#history.lastNumber;
    if (number <= last) throw new PanoptesError('internal', `batch ${number} was published after ${last}`);
    this.#batches++;
    this.#bytes += bytes.byteLength;
    this.#append('batch', number, bytes, { batches: 1, records: rows, packets: 0 });
  }

  #appendGap(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    if (frame.kind !== 'gap') return;
    this.#append('gap', this.#history.lastNumber, bytes, frame.gap);
  }

  #append(...entry: Parameters<History['append']>): void {
    this.#history.append(...entry);
    for (const subscriber of this.#subscribers) {
      if (!subscriber.replaying) this.#skipAhead(subscriber);
    }
  }

  // A live subscriber that lags more than its limit loses its oldest batches, half the limit at once: few
  // large gaps rather than one before every batch.
  #skipAhead(subscriber: Subscriber): void {
    const { totals, end } = this.#history;
    const lagOf = (place: number) => totals.bytes - (this.#history.at(place)?.before.bytes ?? totals.bytes);
    if (lagOf(subscriber.place) + subscriber.outlet.pendingBytes <= this.#limitBytes) return;
    let place = subscriber.place;
    while (place < end - 1 && lagOf(place) > this.#limitBytes / 2) place++;
    this.#skipTo(subscriber, place);
  }

  #skipTo(subscriber: Subscriber, place: number): void {
    const from = subscriber.reached;
    this.#moveTo(subscriber, place);
    this.#missedBatches += subscriber.reached.batches - from.batches;
    this.#missedRecords += subscriber.reached.records - from.records;
  }

  #moveTo(subscriber: Subscriber, place: number): void {
    subscriber.place = place;
    subscriber.reached = this.#history.at(place)?.before ?? this.#history.totals;
  }

  #serve(subscribers: Iterable<Subscriber>): void {
    for (const subscriber of subscribers) this.#due.add(subscriber);
    if (!this.#isScheduled) this.#serveDue();
  }

  #serveDue(): void {
    const untilMs = performance.now() + this.#turnMs;
    for (const subscriber of this.#due) {
      this.#due.delete(subscriber);
      this.#pump(subscriber);
      if (performance.now() > untilMs) break;
    }
    if (this.#due.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#serveDue();
    });
  }

  #pump(subscriber: Subscriber): void {
    if (!this.#subscribers.has(subscriber)) return;
    try {
      this.#send(subscriber);
    } catch (cause) {
      // A batch of our own that cannot be filtered costs those who filter, nobody else.
      this.#refuse(subscriber, cause);
    }
  }

  #send(subscriber: Subscriber): void {
    const history = this.#history;
    const { outlet } = subscriber;
    for (let sent = 0; subscriber.place < history.end; sent++) {
      if (subscriber.place < history.begin) this.#skipTo(subscriber, history.begin);
      if (outlet.pendingBytes >= this.#windowBytes) {
        subscriber.blockedSinceMs ??= performance.now();
        return;
      }
      if (sent === entriesAtOnce) {
        this.#due.add(subscriber);
        return;
      }
      if (!this.#statusIsLast) this.#sendStatus(subscriber);
      const entry = history.at(subscriber.place);
      if (entry === undefined) return;
      const missed = subscriber.missed();
      if (missed !== undefined) this.#sendGap(subscriber, missed, 'slow-client');
      this.#sendFrame(subscriber, this.#selections.frameFor(subscriber.selection, entry));
      this.#moveTo(subscriber, subscriber.place + 1);
      subscriber.told = subscriber.reached;
    }
    subscriber.replaying = false;
    if (outlet.pendingBytes < this.#windowBytes) this.#sendStatus(subscriber);
  }

  #sendStatus(subscriber: Subscriber): void {
    if (subscriber.status === undefined) return;
    this.#sendFrame(subscriber, subscriber.status);
    subscriber.status = undefined;
  }

  #sendGap(subscriber: Subscriber, lost: EntrySize, reason: string): void {
    const { batches, records, packets } = lost;
    this.#sendFrame(subscriber, encodeFrame({ kind: 'gap', gap: { batches, records, packets, reason } }));
  }

  #sendFrame(subscriber: Subscriber, bytes: Uint8Array): void {
    this.#sentFrames++;
    this.#sentBytes += bytes.byteLength;
    subscriber.outlet.send(bytes);
  }

  #closeStalled(): void {
    const now = performance.now();
    for (const subscriber of this.#subscribers) {
      if (now - (subscriber.blockedSinceMs ?? now) < this.#stallMs) continue;
      this.#stalled++;
      this.detach(subscriber);
      subscriber.outlet.close(1008, `slow-client: took nothing for ${Math.round(this.#stallMs / 1000)} s`);
    }
  }

  #refuse(subscriber: Subscriber, cause: unknown): void {
    const error = cause instanceof PanoptesError ? cause : new PanoptesError('internal', String(cause));
    this.detach(subscriber);
    const frame = { code: error.code, message: error.message, hint: error.hint ?? '' };
    subscriber.outlet.send(encodeFrame({ kind: 'error', error: frame }));
    subscriber.outlet.close(1011, error.code);
  }
}
