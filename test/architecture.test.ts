// The dependency rules of docs/design.md, held against every file of src/ and native/.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { differences } from '../scripts/list-sources.mjs';
import { violationsInNative, violationsInSrc } from './support/architecture.js';

const root = fileURLToPath(new URL('..', import.meta.url));

function read(top: string, suffix: RegExp): Map<string, string> {
  const files = readdirSync(join(root, top), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && suffix.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/\/(generated|build)\//.test(path));
  return new Map(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

describe('the rooms', () => {
  it('src imports only what the table of rooms allows', () => {
    expect(violationsInSrc(read('src', /\.ts$/))).toEqual([]);
  });

  it('native includes only what the table of rooms allows', () => {
    expect(violationsInNative(read('native', /\.(cc|h|def)$/))).toEqual([]);
  });

  it('native/sources.json lists every source on disk and nothing else', () => {
    expect(differences()).toEqual([]);
  });
});

describe('the rules find', () => {
  const src = (files: Record<string, string>) => violationsInSrc(new Map(Object.entries(files)));
  const native = (files: Record<string, string>) => violationsInNative(new Map(Object.entries(files)));

  it.each([
    ['an import upwards', "import { a } from '../wire/codec.js';", 'record may not see wire'],
    ['an import upwards over lines', "import {\n  a,\n} from '../server/x.js';", 'record may not see server'],
    ['a type import upwards', "import type { A } from '../wire/codec.js';", 'record may not see wire'],
    ['a late import upwards', "const a = await import('../wire/codec.js');", 'record may not see wire'],
    [
      'a re-export upwards',
      "export { a } from '../wire/codec.js';\nexport const b = 1;",
      'record may not see wire',
    ],
    ['an import for its effect', "import '../cli/main.js';", 'nothing imports cli'],
    ['node in a pure room', "import { join } from 'node:path';", 'browser'],
    ['a node global in a pure room', 'const a = Buffer.from([]);', 'browser'],
    ['generated code outside of wire', "import { p } from '../wire/generated/p.js';", 'generated code'],
    ['a package of another room', "import $p from 'protobufjs/minimal.js';", 'only wire may'],
    ['an import without .js', "import { a } from './field';", 'end in .js'],
    ['an import out of src', "import { a } from '../../test/x.js';", 'outside of src'],
    ['a default export', 'export default 1;', 'export default'],
    ['a barrel', "export { a } from './a.js';\nexport { b } from './b.js';", 'a barrel'],
    ['a star', "export * from './a.js';", 'a barrel'],
  ])('%s', (_, text, what) => {
    expect(src({ 'src/record/field.ts': text }).join('\n')).toContain(what);
  });

  it('an early import where only a late one is allowed', () => {
    const early = "import { Probe } from '../probe/probe.js';";
    expect(src({ 'src/client/a.ts': early }).join('\n')).toContain('by import() only');
    expect(src({ 'src/client/a.ts': "const p = import('../probe/probe.js');" })).toEqual([]);
  });

  it('a room that is not in the table', () => {
    expect(src({ 'src/utils/a.ts': '' }).join('\n')).toContain("'utils' is no room");
    expect(native({ 'native/utils/a.cc': '' }).join('\n')).toContain("'utils' is no room");
  });

  it('a cycle of files', () => {
    const files = { 'src/record/a.ts': "import './b.js';", 'src/record/b.ts': "import './a.js';" };
    expect(src(files)).toEqual(['a cycle: src/record/a.ts -> src/record/b.ts -> src/record/a.ts']);
  });

  it('nothing wrong with comments and with what is allowed', () => {
    const text = `// import { a } from '../cli/a.js';
/* import '../server/b.js'; */
import { PanoptesError } from '../errors.js';
import { b } from './b.js';
export const c = 'http://localhost';`;
    expect(src({ 'src/record/a.ts': text })).toEqual([]);
  });

  it.each([
    ['an include upwards', '#include "flow/flow.h"', 'decode may not see flow'],
    ['an include of a neighbour', '#include "capture/open.h"', 'decode may not see capture'],
    ['napi.h outside of binding', '#include <napi.h>', 'only binding may'],
    ['pcap.h outside of capture', '#include <pcap.h>', 'only capture may'],
    ['pcap/pcap.h outside of capture', '# include <pcap/pcap.h>', 'only capture may'],
    ['protozero outside of batch', '#include <protozero/pbf_writer.hpp>', 'only batch may'],
    ['an included source', '#include "decode/ip.cc"', 'a source'],
    ['a relative include', '#include "../flow/flow.h"', 'relative to native/'],
  ])('%s', (_, text, what) => {
    const others = { 'native/flow/flow.h': '', 'native/capture/open.h': '' };
    expect(native({ ...others, 'native/decode/a.cc': text }).join('\n')).toContain(what);
  });

  it('a cycle of headers', () => {
    const files = { 'native/base/a.h': '#include "base/b.h"', 'native/base/b.h': '#include "base/a.h"' };
    expect(native(files).join('\n')).toContain('a cycle');
  });
});
