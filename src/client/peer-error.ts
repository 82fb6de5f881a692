// An error that a server or a probe told in words, as one of ours. Used by the sources.

import { type ErrorCode, errorCodes, PanoptesError } from '../errors.js';

/** A code that this version does not know becomes `otherwise`. An empty hint is none. */
export function peerError(
  code: string,
  message: string,
  hint: string,
  otherwise: ErrorCode = 'internal',
): PanoptesError {
  const known = Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : otherwise;
  return new PanoptesError(known, message, hint === '' ? undefined : hint);
}
