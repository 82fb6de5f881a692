// The probe as JavaScript sees it: options in, an async stream of encoded frames out. Between the native addon
// and the hub or file writer. Items are taken only when somebody asks, so a slow consumer makes a file wait.
import { PanoptesError } from '../errors.js';
import { loadAddon } from './addon.js';
import { type Feed, Feeder } from './feeder.js';
import { fileBytes, isGzipFile, stdinBytes } from './file-bytes.js';
import type { NativeModule, NativeProbe, NativeSource, ProbeItem, SourceNotice } from './native-module.js';
import {
  type CheckedProbeOptions,
  checkAllowedCpus,
  checkProbeOptions,
  type ProbeOptions,
  type ProbeSource,
} from './options.js';

/** The event loop gets a turn after so many seconds of items without a pause. */
const turnSeconds = 0.005;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class Probe implements AsyncIterable<ProbeItem> {
  readonly #options: CheckedProbeOptions;
  readonly #module: NativeModule;
  readonly #notices: SourceNotice[] = [];
  #native: NativeProbe | undefined;
  #feeder: Feeder | undefined;
  #wake: () => void = () => undefined;
  #taken = false;
  #stopped = false;

  /**
   * Checks the options and loads the addon; capture begins when the first item is asked for.
   * Throws 'bad-option' and 'no-addon'; sources that do not open are told as items of kind 'error'.
   */
  static open(options: ProbeOptions, module?: NativeModule): Probe {
    const checked = checkProbeOptions(options);
    const native = module ?? loadAddon();
    if (checked.cpus.length > 0) checkAllowedCpus(checked.cpus, native.allowedCpus());
    return new Probe(checked, native);
  }

  private constructor(options: CheckedProbeOptions, module: NativeModule) {
    this.#options = options;
    this.#module = module;
  }

  /** The items of this probe, once. Leaving the loop early stops the probe. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ProbeItem, void, undefined> {
    if (this.#taken) throw new PanoptesError('internal', 'the items of a probe can be read once');
    this.#taken = true;
    const native = await this.#start();
    let ended = false;
    let turnBegan = process.uptime();
    try {
      while (!ended) {
        const item = this.#notices.shift() ?? native.take();
        if (item === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          turnBegan = process.uptime();
        } else if (item.kind === 'end') {
          ended = true;
        } else {
          yield item;
          if (process.uptime() - turnBegan < turnSeconds) continue;
          await nextTurn();
          turnBegan = process.uptime();
        }
      }
      yield* this.#notices.splice(0);
    } finally {
      this.stop();
      if (!ended) await this.#discard(native);
    }
  }

  /** Asks for the end: the remaining records and the last status still come. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#feeder?.stop();
    this.#native?.stop();
  }

  /** A frame with the counters of this moment (status.ts reads it); none before the first item was asked for. */
  statusFrame(): Uint8Array | undefined {
    return this.#native?.status();
  }

  async #start(): Promise<NativeProbe> {
    const feeds: Feed[] = [];
    const sources: NativeSource[] = [];
    for (const source of this.#options.sources) {
      const native = await this.#resolve(source);
      if (native.kind === 'feed') {
        feeds.push({ source: sources.length, name: native.name, live: native.live, bytes: native.bytes });
        sources.push({ kind: 'feed', name: native.name, live: native.live });
      } else {
        sources.push(native);
      }
    }
    const {
      sources: _sources,
      snaplen: _snaplen,
      promiscuous: _promiscuous,
      bufferBytes: _bufferBytes,
      captureMethod: _captureMethod,
      ...limits
    } = this.#options;
    const native = new this.#module.NativeProbe({ sources, ...limits }, (signal) => {
      if (signal === 'readable') this.#wake();
      else this.#feeder?.drained();
    });
    const feeder = new Feeder(native, (notice) => {
      this.#notices.push(notice);
      this.#wake();
    });
    this.#native = native;
    this.#feeder = feeder;
    native.start();
    if (this.#stopped) {
      feeder.stop();
      native.stop();
    }
    void feeder.run(feeds);
    return native;
  }

  async #resolve(
    source: ProbeSource,
  ): Promise<Exclude<NativeSource, { kind: 'feed' }> | Extract<ProbeSource, { kind: 'feed' }>> {
    switch (source.kind) {
      case 'interface': {
        const { snaplen, promiscuous, bufferBytes, captureMethod } = this.#options;
        return { kind: 'live', interface: source.name, snaplen, promiscuous, bufferBytes, captureMethod };
      }
      case 'file': {
        const { path } = source;
        const isStdin = path === '-';
        if (!isStdin && !isGzipFile(path)) return source;
        if (this.#options.loop) {
          const what = isStdin ? 'standard input' : `${path} is gzipped and`;
          throw new PanoptesError(
            'bad-option',
            `${what} cannot be read in a loop`,
            'unpack it into a file first',
          );
        }
        if (isStdin) return { kind: 'feed', name: 'stdin', live: false, bytes: stdinBytes };
        return { kind: 'feed', name: path, live: false, bytes: (signal) => fileBytes(path, signal) };
      }
      case 'feed':
        return source;
    }
  }

  /** Takes what is left until the end, so that the threads can finish. */
  async #discard(native: NativeProbe): Promise<void> {
    for (let turnBegan = process.uptime(); ; ) {
      const item = native.take();
      if (item?.kind === 'end') return;
      if (item === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (process.uptime() - turnBegan > turnSeconds) {
        await nextTurn();
        turnBegan = process.uptime();
      }
    }
  }
}
