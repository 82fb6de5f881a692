// `panoptes ra`: reads records from files, captures and probes, selects, prints or writes them. Puts the parts
// together; the loop itself is shared/run.ts.
import { Command } from 'commander';
import { mergeSources } from '../client/stream.js';
import { PanoptesError } from '../errors.js';
import { RecordFileWriter } from '../output/file-writer.js';
import type { ProbeStatus } from '../wire/frames.js';
import { addClientOptions, type ClientOptions, readClientOptions } from './shared/client-options.js';
import { printing } from './shared/printing.js';
import { describe, exitDone, exitFailed, reportError } from './shared/report.js';
import { type Outcome, type Plan, run, type Sinks } from './shared/run.js';
import { TextOutput } from './shared/text-output.js';
import { stopSignal } from './signals.js';

export function raCommand(): Command {
  const command = new Command('ra').description('read, filter and print flow records');
  return addClientOptions(command).action(async (filterWords: string[]) => {
    process.exitCode = await ra(readClientOptions(command.opts(), filterWords));
  });
}

async function ra(options: ClientOptions): Promise<number> {
  const target = await openTarget(options);
  const { signal: interrupted, release } = stopSignal();
  const signal = AbortSignal.any([interrupted, target.closed]);
  const plan: Plan = {
    filter: options.filter,
    ...(options.range ? { range: options.range } : {}),
    limit: options.limit,
    headerEvery: options.headerEvery,
  };
  const items = mergeSources(options.sources, {
    signal,
    filter: options.filterText,
    payload: target.wantsPayload,
    // A capture is summed up: one record a flow.
    probe: { statusInterval: 0, ...options.decode },
  });
  let code: number;
  try {
    code = exitCodeOf(await run(items, plan, target.sinks), options, signal);
  } catch (error) {
    code = reportError('ra', error);
  } finally {
    await target.close();
    release();
  }
  const problem = target.problem();
  if (problem) return reportError('ra', problem);
  return code;
}

/** Nothing found is only a failure for who asked for something. */
function exitCodeOf(outcome: Outcome, options: ClientOptions, signal: AbortSignal): number {
  const asked = options.filter.kind !== 'all' || options.range !== undefined;
  const complete = outcome.ended === 'source' && !signal.aborted;
  return asked && complete && outcome.matched === 0 ? exitFailed : exitDone;
}

/** Where the records go. */
interface Target {
  readonly sinks: Sinks;
  readonly wantsPayload: boolean;
  /** Aborted when nobody takes the output any more. */
  readonly closed: AbortSignal;
  /** Writes what is left. */
  close(): Promise<void>;
  /** Why some of the output is lost; a reader that has seen enough (`| head`) is no problem. */
  problem(): PanoptesError | undefined;
}

function openTarget(options: ClientOptions): Promise<Target> | Target {
  return options.write === undefined ? openText(options) : openFrames(options.write);
}

const warn: Sinks['warn'] = (_code, message, hint) => {
  process.stderr.write(describe('ra', message, hint));
};

function openText(options: ClientOptions): Target {
  const { printer, statusText, wantsPayload } = printing(options);
  const closed = new AbortController();
  let problem: PanoptesError | undefined;
  const text = new TextOutput(process.stdout, (error) => {
    problem = error;
    closed.abort();
  });
  const tellStatus = (status: ProbeStatus): Promise<void> | undefined => {
    if (options.format !== 'csv') return text.write(statusText(status));
    // A table of values has no place for them.
    process.stderr.write(statusText(status));
    return undefined;
  };
  return {
    sinks: { text, warn, printer, ...(options.man ? { tellStatus } : {}) },
    wantsPayload,
    closed: closed.signal,
    close: () => text.end(),
    problem: () => problem,
  };
}

async function openFrames(path: string): Promise<Target> {
  let problem: PanoptesError | undefined;
  const frames = await RecordFileWriter.open(path, {
    onFailure: (error) => {
      problem = error;
      warn(error.code, error.message, 'records are lost until it can be written again');
    },
  });
  return {
    sinks: { text: { closed: false, write: () => undefined }, warn, frames },
    wantsPayload: true,
    closed: new AbortController().signal,
    close: () => frames.close(),
    problem: () => {
      const { records } = frames.lost;
      return problem && new PanoptesError('write-failed', `${problem.message}; ${records} records are lost`);
    },
  };
}
