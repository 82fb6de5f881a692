// The newest frames of a run, bounded by bytes: the hub appends, every subscriber reads at a place of its
// own. Frames are stored once, however many subscribers stand behind.

/** What has gone by, cumulative, so that a skip is a subtraction. */
export interface Totals {
  readonly batches: number;
  readonly records: number;
  readonly packets: number;
  readonly bytes: number;
}

/** A batch, or a gap that the probe told between two batches. */
export interface HistoryEntry {
  readonly kind: 'batch' | 'gap';
  /** Number of the batch; for a gap the number of the batch before it. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** All that was appended before this entry. */
  readonly before: Totals;
}

/** Records and packets of one entry; for a gap, those that are lost. */
export interface EntrySize {
  readonly batches: number;
  readonly records: number;
  readonly packets: number;
}

export class History {
  readonly #limitBytes: number;
  #entries: (HistoryEntry | undefined)[] = [];
  #head = 0; // index in #entries of the oldest entry that is still held
  #dropped = 0; // entries cut off the front of #entries so far
  #totals: Totals = { batches: 0, records: 0, packets: 0, bytes: 0 };
  #bytes = 0;
  #lastNumber = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Place of the oldest entry held. Places count up for ever; `begin === end` when nothing is held. */
  get begin(): number {
    return this.#dropped + this.#head;
  }

  /** Place behind the newest entry. */
  get end(): number {
    return this.#dropped + this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get totals(): Totals {
    return this.#totals;
  }

  /** Highest batch number so far, 0: none yet. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Lowest batch number held, 0: none. */
  get firstNumber(): number {
    for (let place = this.begin; place < this.end; place++) {
      const entry = this.at(place);
      if (entry?.kind === 'batch') return entry.number;
    }
    return 0;
  }

  at(place: number): HistoryEntry | undefined {
    const index = place - this.#dropped;
    return index < this.#head ? undefined : this.#entries[index];
  }

  append(kind: HistoryEntry['kind'], number: number, bytes: Uint8Array, size: EntrySize): void {
    const before = this.#totals;
    this.#entries.push({ kind, number, bytes, before });
    this.#totals = {
      batches: before.batches + size.batches,
      records: before.records + size.records,
      packets: before.packets + size.packets,
      bytes: before.bytes + bytes.byteLength,
    };
    this.#bytes += bytes.byteLength;
    this.#lastNumber = number;
    // The newest entry stays, however large, or nobody could be sent it.
    while (this.#bytes > this.#limitBytes && this.end - this.begin > 1) this.#dropOldest();
  }

  /** Place of the first entry to send to a reader whose last batch had this number. */
  placeAfter(number: number): number {
    let low = this.begin;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.at(middle);
      // Gaps carry the number of the batch before them: told again rather than never.
      if (entry !== undefined && entry.number + (entry.kind === 'gap' ? 1 : 0) > number) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Batches behind this number that a reader who comes back wants and that are no longer held. */
  forgottenAfter(number: number): number {
    let announced = 0; // by gaps that are held and will be sent
    for (let place = this.placeAfter(number); place < this.end; place++) {
      const entry = this.at(place);
      if (entry?.kind === 'batch') return Math.max(0, entry.number - number - 1 - announced);
      const next = this.at(place + 1)?.before ?? this.#totals;
      announced += next.batches - (entry?.before.batches ?? next.batches);
    }
    return 0;
  }

  #dropOldest(): void {
    const oldest = this.#entries[this.#head];
    if (oldest === undefined) return;
    this.#bytes -= oldest.bytes.byteLength;
    this.#entries[this.#head] = undefined;
    this.#head++;
    if (this.#head < 1024 && this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#dropped += this.#head;
    this.#head = 0;
  }
}
