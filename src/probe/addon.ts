// Finds and loads the native addon, when the first probe needs it: clients work without. The only place that
// knows where it can be.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PanoptesError } from '../errors.js';
import type { NativeModule } from './native-module.js';

/** dist/command, dist/probe and src/probe are all two levels below the package. */
const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
let loaded: NativeModule | undefined;

/** Where the addon may be, best first. */
export function addonPaths(folder: string = packageFolder): string[] {
  return [
    `${folder}prebuilds/${process.platform}-${process.arch}/panoptes.node`,
    `${folder}build/Release/panoptes.node`,
  ];
}

/** The addon; the same in every probe of a thread. Throws 'no-addon' with the command that builds it. */
export function loadAddon(): NativeModule {
  loaded ??= loadFrom(addonPaths(), (path) => require(path) as NativeModule);
  return loaded;
}

// In a checkout `npm run build` builds the addon; an installed package has npm's own command for it.
const buildCommand = packageFolder.includes('/node_modules/')
  ? 'npm rebuild panoptes'
  : `cd ${packageFolder} && npm run build`;

/** Loads the first path that loads: a prebuilt one may be for another system, then what was built here follows. */
export function loadFrom(paths: readonly string[], load: (path: string) => NativeModule): NativeModule {
  let failure: unknown;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    try {
      return load(path);
    } catch (error) {
      failure = error;
    }
  }
  if (failure === undefined) {
    throw new PanoptesError(
      'no-addon',
      `the native addon is not built (looked for ${paths.join(' and ')})`,
      `build it: ${buildCommand} (needs a C++20 compiler and the headers of libpcap)`,
    );
  }
  const why = failure instanceof Error ? failure.message : String(failure);
  throw new PanoptesError(
    'no-addon',
    `the native addon does not load: ${why}`,
    `build it anew: ${buildCommand} (libpcap must be installed)`,
    failure,
  );
}
