// One capture -> the report of `panoptes doctor --capture`: findings for people, numbers for programs.
import { PanoptesError } from '../errors.js';
import { loadAddon } from '../probe/addon.js';
import type { NativeModule } from '../probe/native-module.js';
import type { ProbeOptions } from '../probe/options.js';
import { type CaptureExam, examineCapture } from './capture-exam.js';
import { captureFindings } from './capture-findings.js';
import { type Finding, fail } from './findings.js';

export interface CaptureReport {
  readonly ok: boolean;
  readonly capture: string;
  readonly findings: readonly Finding[];
  /** What was counted; not there where the file cannot be opened. */
  readonly facts?: object;
}

/** A file that cannot be opened is a finding too, so that the other ones are still looked at. */
export async function captureReport(
  path: string,
  options: Omit<ProbeOptions, 'sources'>,
  module: NativeModule = loadAddon(),
): Promise<CaptureReport> {
  try {
    const exam = await examineCapture(path, options, module);
    const findings = captureFindings(exam);
    const failed = findings.some(({ level }) => level === 'fail');
    return { ok: !failed, capture: path, findings, facts: factsOf(exam) };
  } catch (error) {
    if (!(error instanceof PanoptesError) || error.code === 'internal') throw error;
    return {
      ok: false,
      capture: path,
      findings: [fail('file', error.message, error.hint ?? 'name a capture file')],
    };
  }
}

function factsOf({ facts, status, ...exam }: CaptureExam): object {
  const { name: _name, isCut: _isCut, failure: _failure, ...tallies } = exam;
  const { error: _error, warnings: _warnings, undecoded, ...file } = facts;
  return {
    ...file,
    undecoded: undecoded.map((one) => ({ ...one, head: Buffer.from(one.head).toString('hex') })),
    ...tallies,
    flows: status.flowsOpened,
    fragmentsJoined: status.fragmentsJoined,
    fragmentsOrphaned: status.fragmentsOrphaned,
    fragmentsOverflow: status.fragmentsOverflow,
  };
}
