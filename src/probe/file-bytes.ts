// Capture bytes that need the event loop before the addon can read them: gzipped files, and stdin, whose kind
// is only known once its first bytes are there. They reach the probe as a feed.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { PanoptesError } from '../errors.js';
import { isGzip } from '../wire/file-format.js';

const chunkBytes = 256 * 1024;

/** Whether a file begins like gzip (RFC 1952). A file that cannot be read is not, and its error comes when it is used. */
export function isGzipFile(path: string): boolean {
  try {
    // A pipe gives its bytes only once, and opening one may wait for its writer.
    if (!statSync(path).isFile()) return false;
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(2);
      return readSync(fd, head, 0, 2, 0) === 2 && isGzip(head);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

export async function* fileBytes(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* unpacked(path, createReadStream(path, { highWaterMark: chunkBytes }), signal);
}

/** Stdin, unpacked if it is gzip. `input` is for tests. */
export async function* stdinBytes(
  signal: AbortSignal,
  input: NodeJS.ReadableStream = process.stdin,
): AsyncGenerator<Uint8Array> {
  yield* unpacked('stdin', input, signal);
}

/** Passes bytes on, unpacked where they begin like gzip. Throws 'bad-file' or 'cut-file'. */
async function* unpacked(
  name: string,
  input: NodeJS.ReadableStream,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = untilAborted(input, signal);
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(first);
  const all = prepend(head, chunks);
  if (isGzip(head)) yield* gunzip(name, all, signal);
  else yield* all;
}

async function* prepend(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function* gunzip(
  name: string,
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // Most files need neither, and a start without them is shorter.
  const [{ createGunzip }, { pipeline }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  const unzip = createGunzip({ chunkSize: chunkBytes });
  // Errors surface where the output is read.
  pipeline(input, unzip, () => undefined);
  try {
    for await (const chunk of unzip) {
      if (signal.aborted) return;
      yield chunk as Buffer;
    }
  } catch (cause) {
    const cut = cause instanceof Error && 'code' in cause && cause.code === 'Z_BUF_ERROR';
    const what = cut ? 'ends in the middle' : 'is damaged';
    const words = `${name}: the gzip data ${what}; the packets before that were used`;
    throw new PanoptesError(
      cut ? 'cut-file' : 'bad-file',
      words,
      'get the file again from where it came',
      cause,
    );
  } finally {
    unzip.destroy();
  }
}

/** The stream's chunks; ends at once when the signal aborts, also while it waits. */
async function* untilAborted(input: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = input[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let stop: () => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === undefined || next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    if ('destroy' in input && typeof input.destroy === 'function') input.destroy();
  }
}
