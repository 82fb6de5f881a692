// Text to standard output: gathered into large writes, flushed soon when nothing more comes, never more in memory
// than the reader of the pipe allows. Behind the printers, before the terminal or pipe.
import type { Writable } from 'node:stream';
import { PanoptesError } from '../../errors.js';

const chunkCharacters = 64 * 1024;
const idleMs = 50;

export class TextOutput {
  readonly #stream: Writable;
  readonly #onClosed: (error: PanoptesError | undefined) => void;
  #parts: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The first text goes out at once: somebody waits for it. */
  #idleMs = 0;
  #closed = false;
  #wake: (() => void) | undefined;

  /** `onClosed` is called once when nobody reads any more: without an error for a pipe that was closed (`| head`). */
  constructor(stream: Writable, onClosed: (error: PanoptesError | undefined) => void = () => {}) {
    this.#stream = stream;
    this.#onClosed = onClosed;
    stream.on('error', this.#fail);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Keeps text for the next write. Resolves at once, or when the reader has caught up. */
  write(text: string): Promise<void> | undefined {
    if (this.#closed || text === '') return undefined;
    this.#parts.push(text);
    this.#characters += text.length;
    if (this.#characters >= chunkCharacters) return this.flush();
    this.#timer ??= setTimeout(() => void this.flush(), this.#idleMs);
    return undefined;
  }

  /** Hands everything over; resolves when the stream can take more. */
  flush(): Promise<void> | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed || this.#characters === 0) return undefined;
    this.#idleMs = idleMs;
    const text = this.#parts.join('');
    this.#parts = [];
    this.#characters = 0;
    if (this.#stream.write(text)) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#stream.once('drain', resolve);
    });
  }

  /** Writes the rest and waits until it has been taken. The stream stays open. */
  async end(): Promise<void> {
    await this.flush();
    if (!this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.write('', () => resolve());
      });
    }
    this.#stream.off('error', this.#fail);
    // A late error of a pipe that is gone has nobody to tell.
    this.#stream.on('error', () => {});
  }

  readonly #fail = (error: NodeJS.ErrnoException): void => {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#parts = [];
    this.#wake?.();
    this.#onClosed(error.code === 'EPIPE' ? undefined : writeFailed(error));
  };
}

function writeFailed(cause: Error): PanoptesError {
  return new PanoptesError(
    'write-failed',
    `cannot write standard output: ${cause.message}`,
    undefined,
    cause,
  );
}
