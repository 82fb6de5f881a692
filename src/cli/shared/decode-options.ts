// The options of how packets are decoded and streams followed: what a probe has, and a client that measures a capture.
// Declared here, read here.
import type { Command } from 'commander';
import { PanoptesError } from '../../errors.js';
import type { ProbeOptions } from '../../probe/options.js';
import { numberIn } from './number-option.js';

export interface RawDecodeOptions {
  maxTunnels?: number;
  maxFragments?: number;
  fragmentTimeout?: number;
  tcpHoles?: number;
}

export type DecodeOptions = Pick<
  ProbeOptions,
  'maxTunnels' | 'maxFragments' | 'fragmentTimeout' | 'tcpHoles'
>;

export function addDecodeOptions(command: Command): Command {
  return command
    .option(
      '--max-tunnels <count>',
      'tunnels followed inwards (default: 8); 0: none, flows are those of the outer addresses',
      numberIn(0, 64, true),
    )
    .option(
      '--max-fragments <count>',
      'IP datagrams whose fragments are joined at a time (default: 4096); 0: fragments are not joined',
      numberIn(0, 1_000_000, true),
    )
    .option(
      '--fragment-timeout <seconds>',
      'how long a later fragment waits for the first one (default: 15)',
      numberIn(0.001, 86400),
    )
    .option(
      '--tcp-holes <count>',
      'holes that are remembered of each direction of a TCP flow at a time (default: 8)',
      numberIn(1, 64, true),
    );
}

/** Throws 'bad-option' where something is given and there is no capture to decode; `hint` says how to name one. */
export function checkForCaptures(options: DecodeOptions, hasCaptures: boolean, hint: string): void {
  const given = Object.keys(options).map(
    (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
  if (hasCaptures || given.length === 0) return;
  const message = `${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} for captures`;
  throw new PanoptesError('bad-option', message, hint);
}

/** What is given, and nothing else. */
export function decodeOptionsOf({
  maxTunnels,
  maxFragments,
  fragmentTimeout,
  tcpHoles,
}: RawDecodeOptions): DecodeOptions {
  return {
    ...(maxTunnels !== undefined && { maxTunnels }),
    ...(maxFragments !== undefined && { maxFragments }),
    ...(fragmentTimeout !== undefined && { fragmentTimeout }),
    ...(tcpHoles !== undefined && { tcpHoles }),
  };
}
