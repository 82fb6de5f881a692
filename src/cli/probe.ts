// `panoptes probe`: measures links or capture files, serves the records, writes them. Reads the command line;
// probe-run.ts puts the parts together.
import { Command } from 'commander';
import { PanoptesError } from '../errors.js';
import { RecordFileWriter } from '../output/file-writer.js';
import type { Server } from '../server/server.js';
import {
  addFileOptions,
  addLinkOptions,
  probeIdOf,
  probeOptionsOf,
  type RawProbeOptions,
  servePlanOf,
  sourcesOf,
} from './probe-options.js';
import { type ProbePlan, runProbe } from './probe-run.js';
import { describe, exitDone, exitFailed, sayOnStderr } from './shared/report.js';
import { stopSignal } from './signals.js';

export function probeCommand(): Command {
  const command = new Command('probe').description(
    'measure links or capture files: serve the records, or write them',
  );
  addFileOptions(addLinkOptions(command));
  return command.action(async (filterWords: string[]) => {
    process.exitCode = await probe(command.opts<RawProbeOptions>(), filterWords);
  });
}

async function probe(raw: RawProbeOptions, filterWords: readonly string[]): Promise<number> {
  const { sources, words } = sourcesOf(raw);
  if (sources.length === 0) {
    throw new PanoptesError(
      'bad-option',
      'there is nothing to measure',
      'name links with -i or capture files with -r',
    );
  }
  const serve = servePlanOf(raw);
  if (!serve && raw.write === undefined) {
    throw new PanoptesError(
      'bad-option',
      'the records of a file have nowhere to go',
      "-w FILE writes them, -P PORT serves them; 'panoptes ra -r FILE' prints them",
    );
  }
  const say = (message: string, hint?: string) => sayOnStderr(describe('probe', message, hint));
  const { signal, release } = stopSignal();
  let writeFailed = false;
  const onFailure = (error: PanoptesError) => {
    writeFailed = true;
    say(error.message, 'records are lost until it can be written again');
  };
  const probeOptions = probeOptionsOf(raw, sources, filterWords);
  const pace = !raw.read ? 'live' : raw.pace ? 'paced' : 'file';
  // Clients do not wait for a disk, nor lose what it does not take.
  const lagsAlone = serve !== undefined && pace !== 'file';
  const { queueBytes } = probeOptions;
  const waiting = lagsAlone && queueBytes !== undefined ? { limitBytes: queueBytes } : {};
  const writing = { onFailure, lagsAlone, ...waiting };
  const writer = raw.write === undefined ? undefined : await RecordFileWriter.open(raw.write, writing);
  const plan: ProbePlan = {
    probe: probeOptions,
    probeId: probeIdOf(raw),
    source: words,
    pace,
    ...(serve && { serve }),
    ...(writer && { writer }),
  };
  const onServing = ({ port }: Server) => {
    if (!raw.read) say(`measuring ${words}, serving on port ${port} of ${raw.bind}`);
  };
  try {
    const code = await runProbe(plan, { signal, say, onServing });
    if (!writer || !writeFailed) return code;
    say(`${writer.lost.records} records could not be written`);
    return code === exitDone ? exitFailed : code;
  } finally {
    release();
  }
}
