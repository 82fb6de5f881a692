// Carries the bytes of feeds (unpacked files, stdin, sample traffic) from the event loop into the addon, no
// faster than it takes them. Between file-bytes or the sample traffic and NativeProbe.feed.
import { PanoptesError } from '../errors.js';
import type { NativeProbe, SourceNotice } from './native-module.js';
import type { ByteSource } from './options.js';

export interface Feed {
  /** Index in the native options' sources. */
  readonly source: number;
  readonly name: string;
  readonly live: boolean;
  readonly bytes: ByteSource;
}

export class Feeder {
  readonly #native: NativeProbe;
  readonly #abort = new AbortController();
  readonly #say: (notice: SourceNotice) => void;
  #drained: (() => void)[] = [];

  constructor(native: NativeProbe, say: (notice: SourceNotice) => void) {
    this.#native = native;
    this.#say = say;
  }

  /** Live feeds run side by side, the others one after the other: their bytes are needed in that order. */
  async run(feeds: readonly Feed[]): Promise<void> {
    const live = feeds.filter((feed) => feed.live).map((feed) => this.#pump(feed));
    for (const feed of feeds) {
      if (!feed.live) await this.#pump(feed);
    }
    await Promise.all(live);
  }

  drained(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const resume of waiting) resume();
  }

  stop(): void {
    this.#abort.abort();
    this.drained();
  }

  async #pump(feed: Feed): Promise<void> {
    const { signal } = this.#abort;
    try {
      for await (const bytes of feed.bytes(signal)) {
        if (signal.aborted) break;
        if (bytes.length > 0 && !this.#native.feed(feed.source, bytes)) {
          await new Promise<void>((resolve) => this.#drained.push(resolve));
        }
      }
    } catch (cause) {
      if (!signal.aborted) this.#say(noticeOf(feed.name, cause));
    }
    this.#native.feedEnd(feed.source);
  }
}

/** What could not be read ends the feed; what came before was measured, so a cut file is a warning only. */
function noticeOf(source: string, cause: unknown): SourceNotice {
  const error =
    cause instanceof PanoptesError
      ? cause
      : new PanoptesError(
          'capture-failed',
          `${source}: ${cause instanceof Error ? cause.message : String(cause)}`,
        );
  const kind = error.code === 'cut-file' ? 'warning' : 'error';
  return { kind, code: error.code, message: error.message, hint: error.hint ?? '', source };
}
