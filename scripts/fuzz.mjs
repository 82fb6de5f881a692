// `npm run fuzz [-- --seconds N] [target...]`: builds test/fuzz/*_fuzz.cc with libFuzzer, ASan and UBSan, and
// runs each over its corpus, build/corpus/<target>. Seeds of <name>_fuzz, all optional:
//   test/fuzz/seeds/<name>.mjs     a script that writes seed files into the folder given as its argument
//   test/fuzz/seeds/<name>/        seed files
//   test/fuzz/<name>.dict          a dictionary
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { buildNative } from './lib/native-build.mjs';
import { inProject, say } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { Tally } from './lib/tally.mjs';
import { fuzzTargets } from './lib/test-needs.mjs';

const seedFolder = 'test/fuzz/seeds';

/** The folders that hold the target's seeds; made anew where a script makes them. */
async function seedsOf(name) {
  const folders = [];
  const script = inProject(seedFolder, `${name}.mjs`);
  if (existsSync(script)) {
    const made = inProject('build/seeds', name);
    mkdirSync(made, { recursive: true });
    const { code, text } = await run(process.execPath, [script, made]);
    if (code !== 0) throw new Error(`${seedFolder}/${name}.mjs failed:\n${text}`);
    folders.push(made);
  }
  const kept = inProject(seedFolder, name);
  if (existsSync(kept)) folders.push(kept);
  return folders;
}

async function fuzzOne(target, seconds) {
  const name = target.replace(/_fuzz$/, '');
  const corpus = inProject('build/corpus', name);
  const findings = inProject('build/findings');
  for (const folder of [corpus, findings]) mkdirSync(folder, { recursive: true });
  const seeds = await seedsOf(name);
  const dictionary = inProject('test/fuzz', `${name}.dict`);
  const args = [
    `-max_total_time=${seconds}`,
    '-timeout=10',
    '-rss_limit_mb=2048',
    '-max_len=65536',
    '-print_final_stats=1',
    `-artifact_prefix=${join(findings, `${name}-`)}`,
    ...(existsSync(dictionary) ? [`-dict=${dictionary}`] : []),
    corpus,
    ...seeds,
  ];
  const { code, text } = await run(inProject('build/fuzz', target), args, {
    timeoutMs: (seconds + 120) * 1000,
  });
  const runs = /number_of_executed_units: (\d+)/.exec(text)?.[1] ?? '0';
  const seedCount = seeds.reduce((sum, folder) => sum + readdirSync(folder).length, 0);
  return {
    good: code === 0,
    details: text.split('\n').slice(-60).join('\n'),
    note: `${runs} runs, ${seedCount} seeds`,
  };
}

/** Fuzzes the targets, all where none is named, into `tally`. */
export async function fuzz(tally, { seconds = 20, only = [] } = {}) {
  const all = fuzzTargets(inProject('test/fuzz'));
  const unknown = only.find((name) => !all.includes(name) && !all.includes(`${name}_fuzz`));
  if (unknown !== undefined) throw new Error(`no fuzz target '${unknown}'; there are: ${all.join(', ')}`);
  const chosen = all.filter(
    (target) =>
      only.length === 0 || only.some((name) => target.replace(/_fuzz$/, '') === name.replace(/_fuzz$/, '')),
  );
  let begun = Date.now();
  if (!(await build(['proto', 'ts']))) return tally.addOne('fuzz: build', false, '', begun);
  const built = await buildNative('fuzz');
  if (built.code !== 0) return tally.addOne('fuzz: build', false, built.text, begun);
  for (const target of chosen) {
    begun = Date.now();
    try {
      const { good, details, note } = await fuzzOne(target, seconds);
      tally.addOne(`fuzz: ${target.replace(/_fuzz$/, '')}`, good, details, begun, note);
    } catch (error) {
      tally.addOne(`fuzz: ${target}`, false, String(error.message), begun);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const at = args.indexOf('--seconds');
  const [, seconds] = at < 0 ? [] : args.splice(at, 2);
  const tally = new Tally();
  try {
    await fuzz(tally, { seconds: seconds === undefined ? 20 : Number(seconds), only: args });
    say(tally.summary());
  } catch (error) {
    say(error.message);
    process.exitCode = 2;
  }
  if (tally.failed > 0) process.exitCode = 1;
}
