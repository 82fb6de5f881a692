// Options of the addon for tests that use it without src/probe: the defaults of a probe, but for a table that is soon
// made and statuses that come soon.
import type { NativeOptions } from '../../src/probe/native-module.js';
import { checkProbeOptions } from '../../src/probe/options.js';

export function nativeOptions(
  changes: Pick<NativeOptions, 'sources'> & Partial<NativeOptions>,
): NativeOptions {
  const {
    snaplen: _snaplen,
    promiscuous: _promiscuous,
    bufferBytes: _bufferBytes,
    captureMethod: _captureMethod,
    ...usual
  } = checkProbeOptions({ sources: [{ kind: 'file', path: '-' }] });
  return { ...usual, statusInterval: 1, maxFlows: 10_000, payloadRules: [], ...changes };
}
