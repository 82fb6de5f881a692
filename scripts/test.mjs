// `npm test [-- part...]`: every test, on a machine where nothing was set up. Parts: lint, native, fuzz, hostile,
// instructions, unit, system, nodes. A line for each stage, the totals at the end; exit 1 if anything failed.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { fuzz } from './fuzz.mjs';
import { shortRun } from './lib/fuzz-options.mjs';
import { buildNative } from './lib/native-build.mjs';
import { filesBelow, inProject, packagesAreCurrent, say } from './lib/project.mjs';
import { npm, run } from './lib/run.mjs';
import { bring, buildNeeds } from './lib/system.mjs';
import { Tally } from './lib/tally.mjs';
import { sanitizerNeeds, testNeeds } from './lib/test-needs.mjs';
import { lint } from './lint.mjs';

const tally = new Tally();
const reports = inProject('build/reports');

const everything = ['proto', 'native', 'ts'];

/** Each part with what must be built before it. */
const parts = {
  lint: { built: ['proto'], test: () => lint(tally, { strict: true }) },
  native: {
    built: [],
    test: async () => {
      await nativeTests('native');
      await nativeTests('asan');
    },
  },
  fuzz: {
    built: ['proto', 'ts'],
    test: () => fuzz(tally, { seconds: Number(process.env.PANOPTES_FUZZ_SECONDS) || shortRun.seconds }),
  },
  hostile: {
    built: [],
    test: () => counted('hostile traffic', 'bench/hostile.mjs'),
  },
  instructions: {
    built: [],
    test: () => counted('instructions', 'bench/instructions.mjs'),
  },
  unit: { built: everything, test: () => vitest('unit', process.execPath, ['--project', 'unit']) },
  system: { built: everything, test: () => vitest('system', process.execPath, ['--project', 'system']) },
  nodes: { built: everything, test: otherNodes },
};

/** GoogleTest executables of build/<name>, each counted by its own report. */
async function nativeTests(name) {
  let begun = Date.now();
  const stage = name === 'asan' ? 'native, ASan+UBSan' : 'native';
  const built = await buildNative(name);
  if (built.code !== 0) return tally.addOne(`${stage}: build`, false, built.text, begun);
  tally.addOne(`${stage}: build`, true, '', begun);
  const folder = inProject('build', name);
  const { tests } = JSON.parse((await run('ctest', ['--test-dir', folder, '--show-only=json-v1'])).text);
  for (const test of tests) {
    begun = Date.now();
    const report = join(reports, `${name}-${test.name}.json`);
    rmSync(report, { force: true });
    const { code, text } = await run(test.command[0], [`--gtest_output=json:${report}`], {
      timeoutMs: 600_000,
      env: { UBSAN_OPTIONS: 'print_stacktrace=1' },
    });
    tally.add(`${stage}: ${test.name}`, googleTestCounts(report, code, text), begun);
  }
}

function googleTestCounts(report, code, text) {
  if (!existsSync(report)) return { failed: 1, details: `exit ${code}\n${text}` };
  const cases = JSON.parse(readFileSync(report, 'utf8')).testsuites.flatMap((suite) => suite.testsuite);
  const skipped = cases.filter((one) => one.result === 'SKIPPED' || one.status === 'NOTRUN').length;
  const failed = cases.filter((one) => one.failures?.length > 0).length;
  // A sanitizer or a leak at the end of a run in which every test passed is a failure of its own.
  const extra = code !== 0 && failed === 0 ? 1 : 0;
  return { passed: cases.length - skipped - failed, failed: failed + extra, skipped, details: text };
}

/** A script that counts instructions: skipped where it says that nothing was judged, and why. */
async function counted(stage, script) {
  const begun = Date.now();
  const { code, text } = await run(process.execPath, [inProject(script)], { timeoutMs: 1_800_000 });
  const why = /^not judged: (.*)$/m.exec(text)?.[1];
  if (code === 0 && why !== undefined) return tally.add(stage, { skipped: 1, note: why }, begun);
  tally.addOne(stage, code === 0, text, begun);
}

async function vitest(stage, node, args) {
  const begun = Date.now();
  const report = join(reports, `${stage.replaceAll(/\W+/g, '-')}.json`);
  rmSync(report, { force: true });
  const cli = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code, text } = await run(node, [cli, 'run', '--passWithNoTests', ...reporters, ...args], {
    // A child that is started as plain `node` is of the same version.
    env: { PATH: `${dirname(node)}:${process.env.PATH}`, NO_COLOR: '1' },
    timeoutMs: 1_500_000,
  });
  if (!existsSync(report)) return tally.addOne(stage, false, text, begun);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const extra = code !== 0 && numFailedTests === 0 ? 1 : 0;
  const counts = {
    passed: numPassedTests,
    failed: numFailedTests + extra,
    skipped: numPendingTests + numTodoTests,
  };
  tally.add(stage, { ...counts, details: text }, begun);
}

/**
 * The same build on the other Node lines: what does not need a machine of its own, and the smoke tests of the
 * system. They come from npm into a folder of their own, as each package brings a bin called `node`.
 */
async function otherNodes() {
  const begun = Date.now();
  const lines = Object.keys(
    JSON.parse(readFileSync(inProject('test/nodes/package.json'), 'utf8')).dependencies,
  );
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return tally.add('nodes', { skipped: lines.length, note: 'their packages are for linux-x64' }, begun);
  }
  if (!packagesAreCurrent('test/nodes')) {
    const { code, text } = await npm(['ci', '--no-audit', '--no-fund'], { cwd: inProject('test/nodes') });
    if (code !== 0) return tally.addOne('nodes: npm ci', false, text, begun);
  }
  const smoke = filesBelow('test/system', ['.test.ts']).filter((path) => path.includes('smoke'));
  for (const name of lines) {
    const node = inProject('test/nodes/node_modules', name, 'bin/node');
    const filters = ['test/unit/', 'test/golden/', 'test/contract/', 'test/system/smoke'];
    const version = (await run(node, ['--version'])).text.trim();
    await vitest(`${name}: ${version}`, node, smoke.length > 0 ? filters : filters.slice(0, -1));
  }
}

async function main(names) {
  const unknown = names.find((name) => !(name in parts));
  if (unknown !== undefined) {
    say(`no part '${unknown}'; there are: ${Object.keys(parts).join(', ')}`);
    return 2;
  }
  const chosen = names.length > 0 ? names : Object.keys(parts);
  const begun = Date.now();
  if (!packagesAreCurrent()) {
    say('installing npm packages (npm ci)');
    const { code, text } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
    if (code !== 0) return tally.addOne('npm ci', false, text, begun) ?? 1;
  }
  if (!(await bring([...buildNeeds, ...testNeeds(chosen)], 'testing'))) return 1;
  if (!(await bring(await sanitizerNeeds(chosen), 'testing'))) return 1;
  mkdirSync(reports, { recursive: true });
  const failed = new Set();
  for (const name of everything.filter((one) => chosen.some((part) => parts[part].built.includes(one)))) {
    const started = Date.now();
    const good = await build([name]);
    tally.addOne(`build: ${name}`, good, '', started);
    if (!good) failed.add(name);
  }
  for (const name of chosen) {
    if (parts[name].built.some((one) => failed.has(one))) say(`FAIL ${name}: not run, the build failed`);
    else await parts[name].test();
  }
  process.stdout.write(`${tally.summary()}\n`);
  return tally.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
