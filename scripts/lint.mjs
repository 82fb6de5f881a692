// `npm run lint`: biome, types of the tests, clang-format, clang-tidy. --fix formats instead of complaining.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { buildNative } from './lib/native-build.mjs';
import { filesBelow, inProject, say } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { Tally } from './lib/tally.mjs';

const require = createRequire(import.meta.url);
const bin = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);
const cpp = () =>
  ['native', 'test/native', 'test/fuzz', 'bench'].flatMap((top) => filesBelow(top, ['.cc', '.h', '.def']));

async function biome(fix) {
  const args = [
    bin('@biomejs/biome', 'bin/biome'),
    'check',
    ...(fix ? ['--write'] : ['--error-on-warnings']),
  ];
  return run(process.execPath, args);
}

async function types() {
  if (!(await build(['proto']))) return { code: 1, text: '' };
  return run(process.execPath, [bin('typescript', 'bin/tsc'), '-p', inProject('tsconfig.test.json')]);
}

async function clangFormat(fix) {
  const files = cpp().filter((path) => !path.endsWith('.def'));
  if (files.length === 0) return { code: 0, text: '' };
  return run('clang-format', [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...files]);
}

/** What a file's findings depend on: its text and every header; so that a second run checks only what changed. */
function tidyKey(file, shared) {
  return createHash('sha256')
    .update(shared)
    .update(readFileSync(inProject(file)))
    .digest('hex');
}

async function clangTidy() {
  const configured = await buildNative('native', { configureOnly: true });
  if (configured.code !== 0) return configured;
  const commands = JSON.parse(readFileSync(inProject('build/native/compile_commands.json'), 'utf8'));
  const known = new Set(commands.map((command) => command.file));
  const files = filesBelow('native', ['.cc']).filter((path) => known.has(inProject(path)));
  const shared = [...filesBelow('native', ['.h', '.def']), '.clang-tidy', 'package-lock.json']
    .map((path) => readFileSync(inProject(path), 'utf8'))
    .join('\0');
  const clean = inProject('build/tidy');
  mkdirSync(clean, { recursive: true });
  const queue = files.filter((file) => !existsSync(join(clean, tidyKey(file, shared))));
  let text = '';
  let code = 0;
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const key = tidyKey(file, shared);
      const found = await run('clang-tidy', [
        '-p',
        inProject('build/native'),
        '--quiet',
        '--extra-arg=-Wno-unknown-warning-option',
        file,
      ]);
      if (found.code === 0) writeFileSync(join(clean, key), file);
      else {
        code = 1;
        text += found.text.replaceAll(
          /^\d+ warnings generated\.\n|^Suppressed.*\n|^Use -header-filter.*\n/gm,
          '',
        );
      }
    }
  };
  const workers = Number(process.env.PANOPTES_JOBS) || availableParallelism();
  await Promise.all(Array.from({ length: workers }, worker));
  return { code, text };
}

const linters = { biome, types, 'clang-format': clangFormat, 'clang-tidy': clangTidy };
const fixers = ['biome', 'clang-format'];

/** Runs all linters into `tally`. A C++ tool that is not installed is a failure where `strict`, else skipped. */
export async function lint(tally, { fix = false, strict = false } = {}) {
  for (const [name, linter] of Object.entries(linters)) {
    if (fix && !fixers.includes(name)) continue;
    const begun = Date.now();
    const isTool = name.startsWith('clang');
    if (isTool && !strict && (await run(name, ['--version'])).code !== 0) {
      tally.add(`lint: ${name}`, { skipped: 1, note: `${name} is not installed` }, begun);
      continue;
    }
    const { code, text } = await linter(fix);
    tally.addOne(`lint: ${name}`, code === 0, text, begun);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tally = new Tally();
  await lint(tally, { fix: process.argv.includes('--fix') });
  say(tally.summary());
  process.exitCode = tally.failed > 0 ? 1 : 0;
}
