// src/cli/main.ts -> dist/command: the command in few files, because most of what a short command costs is the
// loading of its modules, each by itself. docs/decisions/0008-fast-start.md has the figures.
import { build } from 'vite';
import { inProject } from './project.mjs';

/** Libraries that every command loads become part of its files, and their licences stand beside them. */
const included = ['commander', 'protobufjs', 'long'];

// Files that several commands load, each named by its main modules and with all that these import, unless a file before
// it has that already: so none needs a later one. The rest goes with the one command that uses it.
const groups = [
  {
    name: 'base',
    priority: 3,
    test: /src\/cli\/(signals|version|shared\/(decode-options|payload-option|print-all|program))\.ts$/,
  },
  { name: 'records', priority: 2, test: /src\/(output\/file-writer|probe\/probe)\.ts$/ },
  { name: 'fields', priority: 1, test: /src\/cli\/shared\/client-options\.ts$/ },
];

/** protobufjs asks for a library of 64-bit integers; the codec has plain numbers and turns it off at once. */
const withoutLong = {
  name: 'without-long',
  enforce: 'pre',
  resolveId: (id) => (id === 'long' ? '\0long' : null),
  load: (id) => (id === '\0long' ? 'export const isLong = undefined;' : null),
};

/**
 * commander starts programs for subcommands that are files of their own. There are none here, and node:child_process
 * brings sockets and streams with it, a tenth of a short command.
 */
const withoutChildProcess = {
  name: 'without-child-process',
  transform(code, id) {
    if (!id.endsWith('/commander/lib/command.js')) return null;
    const line = "const childProcess = require('node:child_process');\n";
    if (!code.includes(line)) throw new Error(`${id} does not begin as expected: it lacks ${line.trim()}`);
    return { code: code.replace(line, 'const childProcess = undefined;\n'), map: null };
  },
};

export async function bundleCommand() {
  await build({
    root: inProject('.'),
    configFile: false,
    logLevel: 'warn',
    plugins: [withoutLong, withoutChildProcess],
    ssr: { noExternal: included },
    build: {
      ssr: inProject('src/cli/main.ts'),
      outDir: inProject('dist/command'),
      target: 'node20',
      minify: false,
      sourcemap: true,
      license: { fileName: 'licenses.md' },
      rolldownOptions: {
        output: {
          // CommonJS: loading the loader of ES modules would cost as much as half of the command.
          format: 'cjs',
          comments: false,
          dynamicImportInCjs: false,
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name].cjs',
          codeSplitting: { groups },
        },
      },
    },
  });
}
