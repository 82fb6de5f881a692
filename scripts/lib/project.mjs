// Where the project is, and what is newer than what. Used by every script here.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** A path of the project; absolute ones stay as they are. */
export const inProject = (...parts) => resolve(root, ...parts);

/** A checkout has the TypeScript sources; an installed package has only what was built from them. */
export const isCheckout = () => existsSync(inProject('src')) && existsSync(inProject('tsconfig.json'));

/** One line for a person, on stderr: stdout belongs to the job that follows. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** All files below a folder of the project, as paths from the project's top, sorted. */
export function filesBelow(folder, suffixes = []) {
  const top = inProject(folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(build|node_modules)\//.test(path))
    .filter((path) => suffixes.length === 0 || suffixes.some((suffix) => path.endsWith(suffix)))
    .sort();
}

/** When a file of the project was written, in ms since 1970; `missing` where there is none. */
const writtenAt = (path, missing) => statSync(inProject(path), { throwIfNoEntry: false })?.mtimeMs ?? missing;

/** True if `output` exists and no input is newer or gone. */
export function isCurrent(output, inputs) {
  const made = writtenAt(output, -1);
  return inputs.every((input) => writtenAt(input, Number.POSITIVE_INFINITY) <= made);
}

/** True if node_modules holds exactly the versions that package-lock.json names. */
export function packagesAreCurrent(folder = '.') {
  const installed = inProject(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(inProject(folder, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional, link }]) =>
      path === '' || optional || link || have[path]?.version === version,
  );
}
