// Writes frames to a record file (-w): the magic, then each frame behind its length. A disk that fills up or a pipe that
// breaks is said once and counted; the caller goes on. Neighbours: frames come from a probe or a client, a ByteSink takes them.
import { PanoptesError } from '../errors.js';
import { fileFrame, fileMagic } from '../wire/file-format.js';
import { peekFrame } from '../wire/peek.js';
import { encodeGap } from '../wire/small-frames.js';
import { type ByteSink, openSink } from './byte-sink.js';
import { codeOf, failure, sayFailure } from './write-failure.js';

/** What could not be written. */
export interface Lost {
  readonly frames: number;
  readonly batches: number;
  readonly records: number;
}

export interface WriterOptions {
  /** Told once, when frames could not be written for the first time. Default: one line on stderr. */
  readonly onFailure?: (error: PanoptesError) => void;
  /** Bytes that wait for the disk before `write` asks its caller to wait; default 8 MiB. */
  readonly limitBytes?: number;
  /** Nobody waits for the target: batches that find more than `limitBytes` waiting are left out, and the file tells the gap. */
  readonly lagsAlone?: boolean;
  /** The target is asked again no sooner than this after it failed; default 1000. */
  readonly retryMs?: number;
}

/** Held back until so much is there, or for so long, so that a frame does not cost a system call. */
const chunkBytes = 512 * 1024;
const idleMs = 50;

export class RecordFileWriter {
  readonly #name: string;
  readonly #sink: ByteSink;
  readonly #onFailure: (error: PanoptesError) => void;
  readonly #limitBytes: number;
  readonly #lagsAlone: boolean;
  readonly #retryMs: number;

  /** Frames with their prefixes, not yet handed to the sink. */
  #chunks: Uint8Array[] = [];
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #writingBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  #failedAt: number | undefined;
  #said = false;
  #closed = false;
  #lost = { frames: 0, batches: 0, records: 0 };
  /** Lost since the last Gap that the file tells of it. */
  #untold = { batches: 0, records: 0 };
  #saidLag = false;
  /** Left out since the frame that was taken last. */
  #leftOut = { batches: 0, records: 0 };

  /** Writes into a sink that is open; `name` is what errors call it. See `open`. */
  constructor(name: string, sink: ByteSink, options: WriterOptions = {}) {
    this.#name = name;
    this.#sink = sink;
    this.#onFailure = options.onFailure ?? sayFailure;
    this.#limitBytes = options.limitBytes ?? 8 << 20;
    this.#lagsAlone = options.lagsAlone ?? false;
    this.#retryMs = options.retryMs ?? 1000;
    this.#add(fileMagic);
  }

  /**
   * Opens a file anew (what was in it is gone), through gzip if its name ends in .gz; '-' is standard output.
   * Throws PanoptesError('write-failed').
   */
  static async open(path: string, options: WriterOptions = {}): Promise<RecordFileWriter> {
    const name = path === '-' ? 'standard output' : path;
    try {
      return new RecordFileWriter(name, await openSink(path), options);
    } catch (error) {
      throw failure(name, error);
    }
  }

  /** What could not be written so far. */
  get lost(): Lost {
    return { ...this.#lost };
  }

  /** Nothing that follows can be written: the reader of a pipe is gone, or a compressed file had to end. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Takes a frame, whose bytes must not change afterwards. Never throws. Gives a promise when the target is slower
   * than the frames come; who waits for it holds at most `limitBytes`.
   */
  write(frameBytes: Uint8Array): Promise<void> | undefined {
    if (this.#closed) {
      this.#lose([frameBytes]);
      return undefined;
    }
    if (this.#lagsAlone && this.#isBehind() && this.#leaveOut(frameBytes)) return undefined;
    this.#tellLeftOut();
    this.#take(frameBytes);
    if (this.#bytes >= chunkBytes) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), idleMs);
    return this.#isBehind() && !this.#lagsAlone ? this.#writing : undefined;
  }

  /** Hands over all that waits; resolves when the target has taken it, or failed to. Never throws. */
  async flush(): Promise<void> {
    do {
      this.#start();
      await this.#writing;
    } while (this.#writing || this.#bytes > 0);
  }

  /** Writes what is left and closes the target. Never throws: see `lost`. */
  async close(): Promise<void> {
    this.#tellLeftOut();
    await this.flush();
    this.#closed = true;
    await this.#sink.close().catch((error: unknown) => this.#failed(error));
  }

  #isBehind(): boolean {
    return this.#bytes + this.#writingBytes > this.#limitBytes;
  }

  /** False: the frame is to be taken all the same. What is no batch is small and comes seldom. */
  #leaveOut(frameBytes: Uint8Array): boolean {
    if (peek(frameBytes).kind !== 'batch') return false;
    this.#lose([frameBytes], this.#leftOut);
    if (this.#saidLag) return true;
    this.#saidLag = true;
    const why = 'it takes records more slowly than they come';
    this.#onFailure(new PanoptesError('write-failed', `cannot write all of them to ${this.#name}: ${why}`));
    return true;
  }

  #tellLeftOut(): void {
    if (this.#leftOut.batches === 0) return;
    const gap = encodeGap({ ...this.#leftOut, reason: 'slow-file', packets: 0 });
    this.#leftOut = { batches: 0, records: 0 };
    this.#take(gap);
  }

  #take(frameBytes: Uint8Array): void {
    this.#frames.push(frameBytes);
    this.#add(fileFrame(frameBytes));
    this.#add(frameBytes);
  }

  #add(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
  }

  // One write at a time; what comes meanwhile makes the next one.
  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing || this.#bytes === 0) return;
    this.#writing = this.#hand().then(() => {
      this.#writing = undefined;
      if (this.#bytes >= chunkBytes) this.#start();
      else if (this.#bytes > 0) this.#timer ??= setTimeout(() => this.#start(), idleMs);
    });
  }

  async #hand(): Promise<void> {
    const frames = this.#frames;
    const chunks = this.#chunks;
    this.#writingBytes = this.#bytes;
    this.#frames = [];
    this.#chunks = [];
    this.#bytes = 0;
    try {
      if (this.#closed || this.#isResting()) {
        this.#lose(frames);
        return;
      }
      await this.#sink.write(this.#failedAt === undefined ? chunks : this.#afterLoss(chunks));
      this.#failedAt = undefined;
      this.#untold = { batches: 0, records: 0 };
    } catch (error) {
      this.#lose(frames);
      this.#failed(error);
    } finally {
      this.#writingBytes = 0;
    }
  }

  #isResting(): boolean {
    return this.#failedAt !== undefined && Date.now() - this.#failedAt < this.#retryMs;
  }

  // The file says itself what it lacks. The magic may stand again, and does in case the first was among what was lost.
  #afterLoss(chunks: Uint8Array[]): Uint8Array[] {
    const gap = encodeGap({ ...this.#untold, reason: 'write-failed', packets: 0 });
    return [fileMagic, fileFrame(gap), gap, ...chunks];
  }

  #failed(error: unknown): void {
    this.#failedAt = Date.now();
    if (!this.#sink.canRetry) this.#closed = true;
    if (this.#said) return;
    this.#said = true;
    // A reader that has seen enough (`| head`) is no failure to speak of.
    if (this.#closed && codeOf(error) === 'EPIPE') return;
    this.#onFailure(failure(this.#name, error));
  }

  /** `untold`: what some Gap is yet to tell. */
  #lose(frames: readonly Uint8Array[], untold = this.#untold): void {
    for (const frame of frames) {
      const { kind, rows = 0 } = peek(frame);
      this.#lost.frames++;
      this.#lost.records += rows;
      untold.records += rows;
      if (kind !== 'batch') continue;
      this.#lost.batches++;
      untold.batches++;
    }
  }
}

function peek(frame: Uint8Array): { kind: string; rows?: number } {
  try {
    return peekFrame(frame);
  } catch {
    return { kind: 'unknown' };
  }
}
