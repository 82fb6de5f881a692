// One libFuzzer target over its corpus, build/corpus/<name>. Seeds of <name>_fuzz, all optional:
//   test/fuzz/seeds/<name>.mjs     a script that writes seed files into the folder given as its argument
//   test/fuzz/seeds/<name>/        seed files
//   test/fuzz/<name>.dict          a dictionary
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';
import { run } from './run.mjs';

const seedFolder = 'test/fuzz/seeds';

/** The folders that hold the target's seeds; made anew where a script makes them. */
export async function seedsOf(name) {
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

/** { good, details, note } of a run of so many seconds. */
export async function fuzzTarget(name, seconds) {
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
  const { code, text } = await run(inProject('build/fuzz', `${name}_fuzz`), args, {
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
