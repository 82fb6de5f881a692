// `npm run build [proto|native|ts]`: builds what is out of date, and fails loudly where it cannot.
//   proto/panoptes.proto -> src/wire/generated and dist/wire/generated
//   native/ -> build/Release/panoptes.node        src/ -> dist/ and, from its main module, dist/command/
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addonIsCurrent, addonPath, buildAddon, complaints, loads } from './lib/addon.mjs';
import { filesBelow, inProject, isCurrent, say } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { buildNeeds, commandToType, missingOf } from './lib/system.mjs';

const require = createRequire(import.meta.url);

async function buildProto() {
  const made = ['src', 'dist'].flatMap((top) =>
    ['panoptes.js', 'panoptes.d.ts'].map((name) => `${top}/wire/generated/${name}`),
  );
  const from = ['proto/panoptes.proto', 'scripts/generate-proto.mjs'];
  if (made.every((path) => isCurrent(path, from))) return undefined;
  const { code, text } = await run(process.execPath, [inProject('scripts/generate-proto.mjs')]);
  return code === 0 ? 'wire/generated' : fail('the schema does not compile', text);
}

async function buildNative() {
  if (addonIsCurrent() && (await loads(addonPath))) return undefined;
  const missing = await missingOf(buildNeeds);
  if (missing.length > 0) {
    return fail(
      'the addon cannot be built',
      `missing: ${missing.map((need) => need.name).join(', ')}
install with: ${commandToType(missing)}`,
    );
  }
  const { code, text } = await buildAddon();
  if (code !== 0) return fail('the addon does not build', complaints(text));
  if (!(await loads(addonPath))) return fail('the addon was built but does not load', addonPath);
  return addonPath;
}

const stamp = 'dist/.built';

async function buildTypeScript() {
  const others = ['tsconfig.json', 'package-lock.json', 'scripts/lib/bundle.mjs'];
  const inputs = [...filesBelow('src', ['.ts', '.d.ts']), ...others];
  const sameFiles =
    existsSync(inProject(stamp)) && readFileSync(inProject(stamp), 'utf8') === inputs.join('\n');
  if (sameFiles && isCurrent(stamp, inputs)) return undefined;
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const { code, text } = await run(process.execPath, [tsc, '-p', inProject('tsconfig.json')]);
  if (code !== 0) return fail('src does not compile', text);
  removeOrphans();
  const main = inProject('dist/cli/main.js');
  if (existsSync(main)) chmodSync(main, 0o755);
  try {
    // Late, because `npm start` loads this file before there are packages.
    await (await import('./lib/bundle.mjs')).bundleCommand();
  } catch (error) {
    return fail('the command cannot be bundled', error instanceof Error ? error.message : String(error));
  }
  writeFileSync(inProject(stamp), inputs.join('\n'));
  return 'dist';
}

/** What was built from a source that is no longer there must not be found by an import. */
function removeOrphans() {
  for (const path of filesBelow('dist', ['.js', '.d.ts'])) {
    const source = path.replace(/^dist/, 'src').replace(/(\.d\.ts|\.js)$/, '');
    if (!['.ts', '.js', '.d.ts'].some((suffix) => existsSync(inProject(source + suffix)))) {
      for (const file of [path, `${path}.map`]) rmSync(inProject(file), { force: true });
    }
  }
}

class BuildFailed extends Error {}
function fail(what, details) {
  throw new BuildFailed(`${what}\n${details.trimEnd()}`);
}

const parts = { proto: buildProto, native: buildNative, ts: buildTypeScript };

/** Builds the named parts, or all; returns true if all of that worked. Says what it made. */
export async function build(names = Object.keys(parts)) {
  let good = true;
  for (const name of names) {
    try {
      const begun = Date.now();
      const made = await parts[name]();
      if (made !== undefined) say(`built ${made} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    } catch (error) {
      if (!(error instanceof BuildFailed)) throw error;
      say(`build failed: ${error.message}`);
      good = false;
    }
  }
  return good;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in parts));
  if (unknown !== undefined) {
    say(`no part '${unknown}'; there are: ${Object.keys(parts).join(', ')}`);
    process.exitCode = 2;
  } else if (!(await build(names.length > 0 ? names : undefined))) process.exitCode = 1;
}
