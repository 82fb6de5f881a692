// The one table of error codes, and the error that carries them. Thrown at the edges (options, open,
// connect); inside loops failures are counted instead.

/** Every code, with what it means. docs/errors.md is generated from this table. */
export const errorCodes = {
  'bad-option': 'an option, command or field is unknown or has a value that cannot be',
  'bad-filter': 'the filter expression cannot be parsed; the message names the position',
  'no-such-file': 'a file cannot be opened',
  'not-a-capture': 'a file is neither a capture nor a record file; the message says what was found',
  'cut-file': 'a file ends in the middle; all whole packets or records before were used',
  'bad-file': 'a file contradicts itself at a position; what was before it was used',
  'unknown-link-type': 'packets of a link type that has no decoder; they are counted as undecoded',
  'no-such-interface': 'a network interface does not exist',
  'no-permission': 'the right to capture or to open a port is missing',
  'bad-capture-filter': 'libpcap cannot compile the BPF expression',
  'capture-failed': 'a capture source failed while it was read',
  'interface-gone': 'an interface disappeared while it was captured',
  'port-in-use': 'another process listens on the port',
  'no-server': 'nothing answers at the address given with -S',
  'lost-server': 'a server closed the connection and did not come back',
  'server-full': 'a server has as many clients as it takes',
  'bad-frame': 'a peer sent bytes that are no frame of the stream',
  'wrong-schema': 'a stream or file has a schema version that this version cannot read',
  'write-failed': 'an output could not be written',
  'no-addon': 'the native addon is missing or does not load; only capture needs it',
  internal: 'a bug in panoptes',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error a person can act on: `hint` says what to do, `code` is stable for scripts. */
export class PanoptesError extends Error {
  override readonly name = 'PanoptesError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint?: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
