// `npm start [-- options of panoptes start]`: sets up what is missing, builds what is out of date, and then
// becomes the main job. Set-up talks on stderr, a line a step.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { inProject, packagesAreCurrent, say } from './lib/project.mjs';
import { npm } from './lib/run.mjs';
import { bring, buildNeeds } from './lib/system.mjs';

async function installPackages() {
  if (packagesAreCurrent()) return true;
  say('installing npm packages (npm ci)');
  const { code, text } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (code !== 0) say(`npm ci failed:\n${text.trimEnd()}`);
  return code === 0;
}

async function setUp() {
  if (!(await installPackages())) return false;
  if (!(await bring(buildNeeds, 'building the addon'))) return false;
  return build();
}

const main = inProject('dist/command/main.cjs');
if (!(await setUp())) process.exitCode = 1;
else if (!existsSync(main)) {
  say(`${main} is missing after the build`);
  process.exitCode = 1;
} else {
  // The job runs in this very process: nothing stands between it and a signal, and nothing can be orphaned.
  process.argv = [process.execPath, main, 'start', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
}
