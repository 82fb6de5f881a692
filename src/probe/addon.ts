// Finds and loads the native addon, when the first probe needs it: clients work without. The only place that
// knows where it can be.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PanoptesError } from '../errors.js';
import type { NativeModule } from './native-module.js';

/** dist/probe or src/probe are both two levels below the package. */
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

/** Loads the first path that exists; a file that is there but does not load is an error, not a reason to go on. */
export function loadFrom(paths: readonly string[], load: (path: string) => NativeModule): NativeModule {
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new PanoptesError(
      'no-addon',
      `the native addon is not built (looked for ${paths.join(' and ')})`,
      `build it: cd ${packageFolder} && npm run build (needs a C++20 compiler and the headers of libpcap)`,
    );
  }
  try {
    return load(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PanoptesError(
      'no-addon',
      `the native addon does not load: ${why}`,
      `build it anew: cd ${packageFolder} && npm run build (libpcap must be installed)`,
      cause,
    );
  }
}
