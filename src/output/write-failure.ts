// Why a target cannot be written, in words. Neighbour: file-writer.ts.
import { PanoptesError } from '../errors.js';

/** The system's word for an error, ENOSPC and the like. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the system allows',
  EPIPE: 'nobody reads it any more',
  ENOENT: 'no such directory',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  EROFS: 'the file system is read-only',
};

/** What is said of a target that cannot be written. */
export function failure(name: string, error: unknown): PanoptesError {
  const code = codeOf(error);
  const why = (code && reasons[code]) ?? (error instanceof Error ? error.message : String(error));
  return new PanoptesError('write-failed', `cannot write ${name}: ${why}`, undefined, error);
}

/** One line on stderr. */
export function sayFailure(error: PanoptesError): void {
  process.stderr.write(`panoptes: ${error.message}; records are lost until it can be written again\n`);
}
