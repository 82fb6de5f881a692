// Where the bytes of a record file go: a file, a pipe, or through gzip into one of them. Neighbour: file-writer.ts, which
// decides what is done when a write fails.
import { fstatSync } from 'node:fs';
// Modules that few files need are loaded with those files: most starts do without.
import type { Socket } from 'node:net';
import type { Gzip } from 'node:zlib';
import { type OpenFile, openFile } from './open-file.js';

export interface ByteSink {
  /** After a failed write the sink stands where it stood before, and can be tried again. */
  readonly canRetry: boolean;
  /** Resolves when all chunks were taken; a failed write leaves none of them behind where that can be. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** Resolves when all is written and the target is closed. */
  close(): Promise<void>;
}

export async function openSink(path: string): Promise<ByteSink> {
  if (path === '-') return openStdout();
  const { file, isRegular } = await openFile(path);
  const sink = new FileSink(file, isRegular);
  if (!path.endsWith('.gz')) return sink;
  const { createGzip } = await import('node:zlib');
  return new GzipSink(createGzip({ level: 4 }), sink);
}

const stdoutFd = 1;

// A pipe goes through a socket: it waits for its reader without holding a thread or the event loop.
async function openStdout(): Promise<ByteSink> {
  const stat = fstatSync(stdoutFd);
  if (stat.isFIFO() || stat.isSocket()) {
    const { Socket } = await import('node:net');
    return new PipeSink(new Socket({ fd: stdoutFd, readable: false, writable: true }));
  }
  return new StreamSink(process.stdout);
}

/** A file or device. Of a regular file the end is cut back to where a failed write began. */
export class FileSink implements ByteSink {
  readonly canRetry = true;
  readonly #handle: OpenFile;
  readonly #isRegular: boolean;
  #position = 0;

  constructor(handle: OpenFile, isRegular: boolean) {
    this.#handle = handle;
    this.#isRegular = isRegular;
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    const start = this.#position;
    try {
      await this.#writeAll(chunks);
    } catch (error) {
      this.#position = start;
      // It may fail too; then the reader finds half a frame, and says so.
      if (this.#isRegular) await this.#handle.truncate(start).catch(() => {});
      throw error;
    }
  }

  async #writeAll(chunks: readonly Uint8Array[]): Promise<void> {
    let rest = chunks.filter((chunk) => chunk.length > 0);
    while (rest.length > 0) {
      const at = this.#isRegular ? this.#position : undefined;
      const { bytesWritten } = await this.#handle.writev(rest, at);
      if (bytesWritten === 0) throw new Error('the system took nothing');
      this.#position += bytesWritten;
      rest = skipBytes(rest, bytesWritten);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** What is left of the chunks behind the first `count` bytes. */
function skipBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let index = 0;
  let rest = count;
  while (index < chunks.length && rest >= (chunks[index] as Uint8Array).length) {
    rest -= (chunks[index] as Uint8Array).length;
    index++;
  }
  const left = chunks.slice(index);
  if (rest > 0) left[0] = (left[0] as Uint8Array).subarray(rest);
  return left;
}

/** A stream that somebody else owns: standard output when it is a file or terminal. */
class StreamSink implements ByteSink {
  readonly canRetry: boolean = true;
  protected readonly stream: NodeJS.WritableStream;
  #failure: Error | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.stream = stream;
    stream.on('error', (error: Error) => {
      this.#failure = error;
    });
  }

  write(chunks: readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure && !this.canRetry) return reject(this.#failure);
      const last = chunks.length - 1;
      chunks.forEach((chunk, index) => {
        if (index < last) this.stream.write(chunk);
        else this.stream.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
    });
  }

  async close(): Promise<void> {}
}

class PipeSink extends StreamSink {
  override readonly canRetry = false;

  override close(): Promise<void> {
    return new Promise((resolve) => {
      const socket = this.stream as Socket;
      if (socket.destroyed) return resolve();
      socket.once('close', () => resolve());
      socket.end(() => socket.destroy());
    });
  }
}

// What zlib has taken cannot be taken back, so a failed write ends the file.
class GzipSink implements ByteSink {
  readonly canRetry = false;
  readonly #gzip: Gzip;
  readonly #target: ByteSink;
  readonly #pumped: Promise<void>;
  #failure: unknown;

  constructor(gzip: Gzip, target: ByteSink) {
    this.#gzip = gzip;
    this.#target = target;
    gzip.on('error', (error) => {
      this.#failure ??= error;
    });
    this.#pumped = this.#pump();
  }

  async #pump(): Promise<void> {
    try {
      for await (const chunk of this.#gzip) await this.#target.write([chunk as Uint8Array]);
    } catch (error) {
      this.#failure ??= error;
    }
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      const taken = new Promise<void>((resolve) => {
        this.#gzip.write(chunk, () => resolve());
      });
      await Promise.race([taken, this.#pumped]);
      if (this.#failure) throw this.#failure;
    }
  }

  async close(): Promise<void> {
    this.#gzip.end();
    await this.#pumped;
    await this.#target.close();
    if (this.#failure) throw this.#failure;
  }
}
