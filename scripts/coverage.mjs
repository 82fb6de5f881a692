// `npm run coverage:native`: lines of native/decode that the native tests, the corpus of its fuzzer and the
// captures execute, by gcov. Exit 1 where a test fails or less than the goal is reached.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { seedsOf } from './lib/fuzz-target.mjs';
import { coverageText, sumLines, summarize } from './lib/line-coverage.mjs';
import { allCaptures } from './lib/mutate.mjs';
import { buildNative } from './lib/native-build.mjs';
import { inProject, say } from './lib/project.mjs';
import { run } from './lib/run.mjs';

const goalPercent = 95;
const folder = inProject('native/decode');
const built = inProject('build/coverage');

/** The counts that gcc's programs leave beside their objects. */
const countFiles = () =>
  readdirSync(built, { recursive: true })
    .filter((path) => path.endsWith('.gcda'))
    .map((path) => join(built, path));

async function must(what, command, args, options) {
  const { code, text } = await run(command, args, options);
  if (code !== 0) throw new Error(`${what} failed (exit ${code}):\n${text.slice(-4000)}`);
  return text;
}

/** Everything that executes decoders; each adds to the counts that the ones before it left. */
async function execute() {
  const { tests } = JSON.parse(await must('ctest', 'ctest', ['--test-dir', built, '--show-only=json-v1']));
  for (const { name, command } of tests) {
    say(`running the tests of native/${name}`);
    await must(`the tests of native/${name}`, command[0], ['--gtest_brief=1']);
  }
  const corpus = inProject('build/corpus/decode');
  mkdirSync(corpus, { recursive: true });
  say('running the seeds and the corpus of the decode fuzzer');
  await must('decode_replay', `${built}/decode_replay`, [...(await seedsOf('decode')), corpus]);
  const captures = await allCaptures();
  say(`running ${captures.length} captures`);
  // One that is damaged is an error of its own, and what was in front of the damage was decoded.
  for (const capture of captures) await run(`${built}/pipeline`, [capture]);
}

/** gcov's documents of every object that was executed. */
async function documents() {
  const scratch = inProject('build/coverage/gcov');
  mkdirSync(scratch, { recursive: true });
  const text = await must('gcov', 'gcov', ['--json-format', '--stdout', ...countFiles()], { cwd: scratch });
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

async function main() {
  if ((await run('gcov', ['--version'])).code !== 0) {
    say('coverage needs gcov, which comes with g++');
    return 2;
  }
  if (!(await build(['proto', 'ts']))) return 1;
  const { code, text } = await buildNative('coverage');
  if (code !== 0) throw new Error(`the build failed:\n${text.slice(-4000)}`);
  for (const path of countFiles()) rmSync(path);
  await execute();
  const summary = summarize(sumLines(await documents(), folder));
  const verdict = summary.percent >= goalPercent ? 'reached' : 'NOT REACHED';
  process.stdout.write(
    `${coverageText(summary, folder)}\ngoal: at least ${goalPercent} % of the lines of native/decode: ${verdict}\n`,
  );
  return summary.percent >= goalPercent ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`coverage: ${error.message}`);
  process.exitCode = 1;
}
