// Room for the integers of batches, many batches in one buffer: a buffer for each column or set of rows would cost more
// than to fill it. Neighbours: row-sets.ts and column-values.ts take some. Whoever keeps what they made keeps the buffer.

const ints = 1 << 16;

class Room {
  /** Of the last piece that was taken. */
  ints = new Int32Array(ints);
  #taken = 0;

  /** Where in `ints` a piece of `count` zeros begins that nobody else has. */
  take(count: number): number {
    if (this.#taken + count > this.ints.length) {
      this.ints = new Int32Array(Math.max(ints, count));
      this.#taken = 0;
    }
    const from = this.#taken;
    this.#taken += count;
    return from;
  }
}

/** Of the whole process. */
export const room = new Room();
