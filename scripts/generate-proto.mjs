// proto/panoptes.proto -> src/wire/generated/panoptes.{js,d.ts} and dist/wire/generated/panoptes.{js,d.ts}: static protobufjs code.
// Run by `npm run build:proto`; only src/wire imports the result.
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const pbjs = require('protobufjs-cli/pbjs');
const pbts = require('protobufjs-cli/pbts');

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const proto = join(root, 'proto/panoptes.proto');
const generated = join(root, 'src/wire/generated');
const script = join(generated, 'panoptes.js');
const types = join(generated, 'panoptes.d.ts');

const flags = [
  '--force-number',
  '--no-create',
  '--no-verify',
  '--no-convert',
  '--no-delimited',
  '--no-typeurl',
];
const header = `// Generated from proto/panoptes.proto by scripts/generate-proto.mjs; do not edit.\n`;
// 64-bit fields are plain numbers everywhere; this must happen before the defaults of the messages are made.
const plainNumbers = `\n$protobuf.util.Long = null;\n$protobuf.configure();\n`;

function isNewer(path, than) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs > statSync(than).mtimeMs;
}

async function generate() {
  mkdirSync(generated, { recursive: true });
  const code = await promisify(pbjs.main)(['-t', 'static-module', '-w', 'es6', ...flags, proto]);
  const importLine = /^import .*protobufjs\/minimal.*$/m;
  if (!importLine.test(code))
    throw new Error('pbjs: the import of protobufjs/minimal was not found in its output');
  const patched = code.replace(
    importLine,
    () => `import $protobuf from "protobufjs/minimal.js";${plainNumbers}`,
  );
  writeFileSync(script, header + patched);
  const declarations = await promisify(pbts.main)([script]);
  writeFileSync(types, header + declarations.replace(/^import Long = .*\n/m, ''));
}

const self = fileURLToPath(import.meta.url);
if (!process.argv.includes('--if-changed') || !(isNewer(types, proto) && isNewer(types, self)))
  await generate();

// tsc does not copy JavaScript, so the built tree gets its copy here.
const built = join(root, 'dist/wire/generated');
mkdirSync(built, { recursive: true });
for (const name of ['panoptes.js', 'panoptes.d.ts']) copyFileSync(join(generated, name), join(built, name));
if (!readFileSync(script, 'utf8').includes('util.Long = null'))
  throw new Error('generated code is not set to plain numbers');
