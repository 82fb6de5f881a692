// Packets of conversations that overlap, waiting for their time: a binary heap.
import type { FlowLabel } from './scene.js';

export interface WaitingPacket {
  readonly atNs: number;
  readonly bytes: Uint8Array;
  readonly flow: FlowLabel;
  readonly fromSrc: boolean;
}

export class PacketHeap {
  readonly #heap: { packet: WaitingPacket; order: number }[] = [];
  #pushed = 0;

  push(packet: WaitingPacket): void {
    const heap = this.#heap;
    let at = heap.push({ packet, order: this.#pushed++ }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The earliest packet, if it is due at `untilNs`; of two at the same time the one pushed first. */
  popUntil(untilNs: number): WaitingPacket | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (!first || first.packet.atNs > untilNs) return undefined;
    const last = heap.pop();
    if (heap.length > 0 && last) {
      heap[0] = last;
      this.#sink();
    }
    return first.packet;
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#before(child, least)) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (!left || !right) return false;
    return left.packet.atNs === right.packet.atNs
      ? left.order < right.order
      : left.packet.atNs < right.packet.atNs;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left && right) [this.#heap[a], this.#heap[b]] = [right, left];
  }
}
