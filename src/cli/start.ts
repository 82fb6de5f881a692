// `panoptes start`, the main job of `npm start`: measures sample traffic that it makes itself in memory, or links,
// and serves the records. Tells a newcomer in three lines what goes on and what to type next.
import { Command } from 'commander';
import type { ProbeSource } from '../probe/options.js';
import { liveSample } from '../sample/live-sample.js';
import {
  addLinkOptions,
  defaultPort,
  probeIdOf,
  probeOptionsOf,
  type RawProbeOptions,
  serverLimitsOf,
  sourcesOf,
} from './probe-options.js';
import { runProbe } from './probe-run.js';
import { describe } from './shared/report.js';
import { stopSignal } from './signals.js';

/** Where the usual port may not be opened: any user may open this one. */
const otherPort = 5561;

export function startCommand(): Command {
  const command = new Command('start').description(
    'serve the records of sample traffic, or of links with -i',
  );
  return addLinkOptions(command).action(async (filterWords: string[]) => {
    process.exitCode = await start(command.opts<RawProbeOptions>(), filterWords);
  });
}

async function start(raw: RawProbeOptions, filterWords: readonly string[]): Promise<number> {
  const links = sourcesOf(raw);
  const sample: ProbeSource = {
    kind: 'feed',
    name: 'sample traffic',
    live: true,
    bytes: (signal) => liveSample(signal),
  };
  const isSample = links.sources.length === 0;
  const { signal, release } = stopSignal();
  const wanted = raw.port ?? defaultPort;
  // A terminal that was closed must not end the probe with an error of its own.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    return await runProbe(
      {
        probe: probeOptionsOf(raw, isSample ? [sample] : links.sources, filterWords),
        probeId: probeIdOf(raw),
        source: isSample ? sample.name : links.words,
        pace: 'live',
        serve: {
          port: wanted,
          host: raw.bind,
          ...(raw.port === undefined && { otherPort }),
          ...serverLimitsOf(raw),
        },
      },
      {
        signal,
        say: (message, hint) => process.stderr.write(describe('start', message, hint)),
        onServing: ({ port }) => {
          const what = isSample ? undefined : links.words;
          process.stdout.write(greeting({ what, bind: raw.bind, port, wanted }));
        },
      },
    );
  } finally {
    release();
  }
}

/** The three lines. `what`: the links, none for sample traffic. */
export function greeting(of: {
  what: string | undefined;
  bind: string;
  port: number;
  wanted: number;
}): string {
  const measured =
    of.what ?? 'sample traffic, made in memory and sent nowhere (for links: npm start -- -i eth0)';
  const moved =
    of.wanted === 0 || of.port === of.wanted ? '' : `, because this user may not open port ${of.wanted}`;
  const everywhere = ['localhost', '*', '::', '0.0.0.0', ''].includes(of.bind);
  const host = everywhere ? 'localhost' : of.bind.includes(':') ? `[${of.bind}]` : of.bind;
  const server = of.port === defaultPort ? host : `${host}:${of.port}`;
  return [
    `Measuring ${measured}`,
    `Serving the records on port ${of.port} of ${of.bind || '*'}${moved}`,
    `Type next, in another terminal: npx panoptes ra -S ${server} -n`,
    '',
  ].join('\n');
}
