// Words of a command line, and the error for those that mean nothing.
import { parseArgs } from 'node:util';

export class UsageError extends Error {}

/** As parseArgs() of node:util, but for what it throws. */
export function readWords(args, options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}
