// The bytes of a file, pipe or stdin, unpacked if they are gzip, with a look at how they begin before anybody
// has to decide what they are. Below file-source.ts.

import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { PanoptesError } from '../errors.js';
import { isGzip } from '../wire/file-format.js';

const chunkBytes = 1 << 20;
// Packed bytes may unpack to a thousand times as many, which are in memory at once.
const packedBytes = 64 << 10;
const headBytes = 8;

export interface ByteInput {
  /** The first bytes, unpacked: eight, or all there are. */
  readonly head: Uint8Array;
  /** Whether the path can be opened again and gives the same bytes, not packed. */
  readonly isPlainFile: boolean;
  /** All bytes, the head as well; to be read once. Ends early at the signal. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Set once `chunks` is through: the gzip data end in the middle. */
  readonly isCut: () => boolean;
}

/** Opens a path, '-' is stdin. Throws 'no-such-file'; damaged gzip throws 'bad-file' where it is met. */
export async function openInput(path: string, signal: AbortSignal): Promise<ByteInput> {
  const name = printPath(path);
  const fileHead = path !== '-' && isRegularFile(path) ? headOf(path) : undefined;
  const raw = readChunks(path, name, signal);
  if (fileHead && !isGzip(fileHead)) {
    // Whoever sees a capture there never asks for the chunks: the probe reads it by itself.
    return { head: fileHead, chunks: raw, isPlainFile: true, isCut: () => false };
  }
  const { head, all } = await withHead(raw, 2);
  if (!isGzip(head)) {
    const plain = await withHead(all, headBytes);
    return { head: plain.head, chunks: plain.all, isPlainFile: false, isCut: () => false };
  }
  let cut = false;
  const unpacked = await withHead(
    gunzip(all, name, () => {
      cut = true;
    }),
    headBytes,
  );
  return { head: unpacked.head, chunks: unpacked.all, isPlainFile: false, isCut: () => cut };
}

export function printPath(path: string): string {
  return path === '-' ? 'stdin' : path;
}

function isRegularFile(path: string): boolean {
  try {
    const info = statSync(path);
    if (info.isDirectory())
      throw new PanoptesError('no-such-file', `${path} is a directory`, 'name the files in it');
    return info.isFile();
  } catch (error) {
    throw error instanceof PanoptesError ? error : cannotOpen(path, error);
  }
}

function headOf(path: string): Uint8Array {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(headBytes);
      return head.subarray(0, readSync(fd, head, 0, headBytes, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

async function* readChunks(path: string, name: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { addAbortSignal } = await import('node:stream');
  const stream: Readable =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes });
  addAbortSignal(signal, stream);
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (!signal.aborted) throw cannotOpen(name, error);
  }
}

/** Reads until `size` bytes are there, and gives them back with the rest. */
async function withHead(chunks: AsyncGenerator<Uint8Array>, size: number) {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < size) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.byteLength;
  }
  const joined = first.length === 1 && first[0] !== undefined ? first[0] : Buffer.concat(first);
  return { head: joined.subarray(0, size), all: prepended(joined, chunks) };
}

async function* prepended(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.byteLength > 0) yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

// Not a pipeline: zlib gives up what it has unpacked of its last input when that input ends too early, so the
// end is told to it only once all output is out.
async function* gunzip(
  chunks: AsyncGenerator<Uint8Array>,
  name: string,
  onCut: () => void,
): AsyncGenerator<Uint8Array> {
  // Most files do without.
  const { createGunzip } = await import('node:zlib');
  const unzip = createGunzip({ chunkSize: 256 << 10 });
  let output: Uint8Array[] = [];
  let failure: (NodeJS.ErrnoException & { code?: string }) | undefined;
  unzip.on('data', (chunk: Buffer) => output.push(chunk));
  const ended = new Promise<void>((resolve) => {
    unzip.on('end', resolve);
    unzip.on('error', (error) => {
      failure = error;
      resolve();
    });
  });
  const takeOutput = () => {
    const taken = output;
    output = [];
    return taken;
  };
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.byteLength && failure === undefined; at += packedBytes) {
        const piece = chunk.subarray(at, at + packedBytes);
        await Promise.race([new Promise<void>((resolve) => unzip.write(piece, () => resolve())), ended]);
        yield* takeOutput();
      }
      if (failure !== undefined) break;
    }
    if (failure === undefined) unzip.end();
    await ended;
    yield* takeOutput();
    if (failure === undefined) return;
    if (failure.code === 'Z_BUF_ERROR') return onCut();
    throw new PanoptesError(
      'bad-file',
      `${name}: the gzip data are damaged`,
      'what came before was used',
      failure,
    );
  } finally {
    unzip.destroy();
  }
}

function cannotOpen(path: string, cause: unknown): PanoptesError {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new PanoptesError('no-such-file', `there is no file ${path}`, 'check the path', cause);
    case 'EACCES':
    case 'EPERM':
      return new PanoptesError(
        'no-such-file',
        `no right to read ${path}`,
        'check who may read it: ls -l',
        cause,
      );
    case 'EISDIR':
      return new PanoptesError('no-such-file', `${path} is a directory`, 'name the files in it', cause);
    default:
      return new PanoptesError('no-such-file', `cannot read ${path}: ${message}`, undefined, cause);
  }
}
