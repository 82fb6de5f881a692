// A file that is open for writing: its descriptor, by the plain functions of node:fs. Behind FileSink. node:fs/promises
// would bring streams and readline with it, as much as all other code of a short run.
import { close, fstatSync, ftruncate, open, openSync, statSync, writev } from 'node:fs';

/** What FileSink asks of a file; a FileHandle of node:fs/promises has it too. */
export interface OpenFile {
  writev(chunks: readonly Uint8Array[], position?: number): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file for writing and empties it. Throws what the system says. */
export async function openFile(path: string): Promise<{ file: OpenFile; isRegular: boolean }> {
  const fd = mayWait(path) ? await openElsewhere(path) : openSync(path, 'w');
  return { file: new Descriptor(fd), isRegular: fstatSync(fd).isFile() };
}

/** A pipe waits for its reader, a device for who knows what: on a thread, so that signals are still heard. */
function mayWait(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && path !== '/dev/null';
}

function openElsewhere(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, 'w', (error, fd) => (error ? reject(error) : resolve(fd)));
  });
}

class Descriptor implements OpenFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  writev(chunks: readonly Uint8Array[], position?: number): Promise<{ bytesWritten: number }> {
    return new Promise((resolve, reject) => {
      writev(this.#fd, chunks, position ?? null, (error, bytesWritten) => {
        if (error) reject(error);
        else resolve({ bytesWritten });
      });
    });
  }

  truncate(length: number): Promise<void> {
    return new Promise((resolve, reject) => ftruncate(this.#fd, length, settle(resolve, reject)));
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => close(this.#fd, settle(resolve, reject)));
  }
}

const settle = (resolve: () => void, reject: (error: Error) => void) => (error?: Error | null) =>
  error ? reject(error) : resolve();
