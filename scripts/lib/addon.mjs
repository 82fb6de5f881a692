// Builds and tests the native addon: build/Release/panoptes.node. Used at install and by `npm run build`.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { filesBelow, inProject, isCurrent, root } from './project.mjs';
import { run } from './run.mjs';

export const addonPath = 'build/Release/panoptes.node';
export const prebuiltPath = `prebuilds/${process.platform}-${process.arch}/panoptes.node`;

const require = createRequire(import.meta.url);
const packageFolder = (name) => relative(root, dirname(require.resolve(`${name}/package.json`)));

/** True if the file is there and a process of its own can load it (a bad binary may kill its process). */
export async function loads(path) {
  if (!existsSync(inProject(path))) return false;
  const { code } = await run(process.execPath, ['-e', 'require(process.argv[1])', inProject(path)]);
  return code === 0;
}

export function addonIsCurrent() {
  const packages = ['node-addon-api', 'protozero'].map((name) => join(packageFolder(name), 'package.json'));
  const sources = filesBelow('native', ['.cc', '.h', '.def', 'sources.json']);
  return isCurrent(addonPath, [...sources, ...packages, 'binding.gyp']);
}

/** Node's own headers beside its binary, so that nothing has to be downloaded. */
function ownHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/** Runs node-gyp; incremental. Returns { code, text }. */
export async function buildAddon() {
  const nodedir = process.env.npm_config_nodedir || ownHeaders();
  const gyp = require.resolve('node-gyp/bin/node-gyp.js');
  const env = {
    // Headers that have to be downloaded after all go into the project, not into somebody's home.
    npm_config_devdir: process.env.npm_config_devdir || inProject('build/node-gyp'),
  };
  const node = (...args) => run(process.execPath, [gyp, ...args], { env });
  const given = nodedir ? [`--nodedir=${nodedir}`] : [];
  if (!isCurrent('build/config.gypi', ['binding.gyp', 'native/sources.json'])) {
    const configured = await node('configure', ...given);
    if (configured.code !== 0) return configured;
  }
  return node('build', `--jobs=${process.env.PANOPTES_JOBS || 'max'}`, ...given);
}

/** The compiler's own complaints out of node-gyp's talk; the end of it where there are none. */
export function complaints(text) {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^gyp |^make: (Entering|Leaving)/.test(line));
  const first = lines.findIndex((line) => /\berror\b|undefined reference/.test(line));
  return lines.slice(first < 0 ? -20 : first, first < 0 ? undefined : first + 40).join('\n');
}
