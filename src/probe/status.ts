// The counters of a probe, decoded. Apart from probe.ts, because a probe that only writes a file does without the decoder.
import { PanoptesError } from '../errors.js';
import { decodeFrame } from '../wire/codec.js';
import { emptyStatus, type ProbeStatus } from '../wire/frames.js';
import type { Probe } from './probe.js';

/** Counters of this moment; all zero before the first item was asked for. */
export function statusOf(probe: Probe): ProbeStatus {
  const bytes = probe.statusFrame();
  if (!bytes) return emptyStatus;
  const frame = decodeFrame(bytes);
  if (frame.kind !== 'status')
    throw new PanoptesError('internal', `the addon gave a ${frame.kind} for a status`);
  return frame.status;
}
