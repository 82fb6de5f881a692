// `npm run fuzz [-- --seconds N] [--packets N] [--files N] [target...]`, `npm run fuzz:long`: builds
// test/fuzz with ASan and UBSan, runs the mutation of captures (target 'mutate'), then each libFuzzer target.
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { chosenTargets, parseFuzzOptions, shortRun } from './lib/fuzz-options.mjs';
import { fuzzTarget } from './lib/fuzz-target.mjs';
import { mutate } from './lib/mutate.mjs';
import { buildNative } from './lib/native-build.mjs';
import { inProject, say } from './lib/project.mjs';
import { Tally } from './lib/tally.mjs';
import { fuzzTargets } from './lib/test-needs.mjs';

/** Runs the targets, all where none is named, into `tally`. */
export async function fuzz(tally, options = {}) {
  const settings = { ...shortRun, seed: 1, only: [], ...options };
  const names = fuzzTargets(inProject('test/fuzz')).map((target) => target.replace(/_fuzz$/, ''));
  const chosen = chosenTargets(['mutate', ...names], settings.only);
  let begun = Date.now();
  if (!(await build(['proto', 'ts']))) return tally.addOne('fuzz: build', false, '', begun);
  const built = await buildNative('fuzz');
  if (built.code !== 0) return tally.addOne('fuzz: build', false, built.text, begun);
  for (const name of chosen) {
    begun = Date.now();
    try {
      const ran = name === 'mutate' ? mutate(settings) : fuzzTarget(name, settings.seconds);
      const { good, details, note } = await ran;
      tally.addOne(`fuzz: ${name}`, good, details, begun, note);
    } catch (error) {
      tally.addOne(`fuzz: ${name}`, false, String(error.message), begun);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tally = new Tally();
  try {
    await fuzz(tally, parseFuzzOptions(process.argv.slice(2)));
    say(tally.summary());
  } catch (error) {
    say(error.message);
    process.exitCode = 2;
  }
  if (tally.failed > 0) process.exitCode = 1;
}
