// Chance with a seed, so that the same seed makes the same traffic on every machine.

/** sfc32: small, fast, and good enough for traffic. */
export class Random {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    for (let round = 0; round < 12; round++) this.uint32();
  }

  uint32(): number {
    const mixed = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + mixed;
    this.#c |= 0;
    return mixed >>> 0;
  }

  /** 0 up to, not including, 1. */
  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** `low` up to, not including, `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A whole number, `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.unit() * from.length)] as T;
  }

  /** Exponentially distributed: the gaps of a Poisson process. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Many small values, few big ones (Pareto, capped). */
  heavyTailed(least: number, most: number): number {
    return Math.min(most, least / (1 - this.unit()) ** 0.8);
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) bytes[at] = this.uint32();
    return bytes;
  }
}
