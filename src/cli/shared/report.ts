// How commands speak to people: words on stderr, and what an error means for the exit code.
import { writeSync } from 'node:fs';
import { type ErrorCode, PanoptesError } from '../../errors.js';

export const exitDone = 0;
/** Nothing matched, or a source failed. */
export const exitFailed = 1;
/** The command line cannot be understood. */
export const exitUsage = 2;

const usageCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad-option',
  'bad-filter',
  'bad-capture-filter',
  'no-such-interface',
]);

export function exitCodeOf(error: unknown): number {
  return error instanceof PanoptesError && usageCodes.has(error.code) ? exitUsage : exitFailed;
}

/** One line: who speaks, what happened, what to do. */
export function describe(command: string, message: string, hint?: string): string {
  const said = `${`panoptes ${command}`.trimEnd()}: ${message}`;
  return hint ? `${said}${/[?.!]$/.test(message) ? '' : ';'} ${hint}\n` : `${said}\n`;
}

const nobodyReads = () => {};

/** A short text on stdout. Who prints data looks after its failures (text-output.ts); here, not being read is none. */
export function printShort(text: string): void {
  if (!process.stdout.listeners('error').includes(nobodyReads)) process.stdout.on('error', nobodyReads);
  process.stdout.write(text);
}

const stderrFd = 2;

/** Words for a person. As process.stderr.write, without the streams behind it, which cost a short run a tenth. */
export function sayOnStderr(text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(stderrFd, rest));
  } catch {
    // Nobody reads it, or not now: the stream knows what to do.
    process.stderr.write(rest);
  }
}

/** Says an error on stderr; a bug shows where it happened. Returns the exit code. */
export function reportError(command: string, error: unknown): number {
  if (error instanceof PanoptesError && error.code !== 'internal') {
    process.stderr.write(describe(command, error.message, error.hint));
  } else {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(describe(command, `internal error: ${detail}`, 'please report this'));
  }
  return exitCodeOf(error);
}
