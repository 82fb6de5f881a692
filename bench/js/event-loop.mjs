// event-loop.mjs FILE: reads a capture as `panoptes probe -r FILE -w /dev/null` does, and prints the longest delay of
// the event loop meanwhile. The modules are loaded before the watch begins. Waiting for a busy CPU counts too.
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { root } from '../lib/places.mjs';

const fromDist = (path) => import(join(root, 'dist', path));
const { runProbe } = await fromDist('cli/probe-run.js');
const { RecordFileWriter } = await fromDist('output/file-writer.js');

const [path] = process.argv.slice(2);
const resolutionMs = 1;
const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
const toMs = (ns) => Math.max(0, ns / 1e6 - resolutionMs);
const words = [];

const plan = {
  probe: { sources: [{ kind: 'file', path }] },
  probeId: 'bench',
  source: path,
  pace: 'file',
  writer: await RecordFileWriter.open('/dev/null'),
};
histogram.enable();
const code = await runProbe(plan, {
  signal: new AbortController().signal,
  say: (message) => words.push(message),
});
histogram.disable();
if (code !== 0) throw new Error(`the probe ended with ${code}: ${words.join('; ')}`);
process.stdout.write(
  `${JSON.stringify({ maxMs: toMs(histogram.max), p99Ms: toMs(histogram.percentile(99)), turns: histogram.count })}\n`,
);
