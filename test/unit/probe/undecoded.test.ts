// The decoder's reasons are explained everywhere that speaks of them: to users, in the schema, in the docs.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { undecodedReasons } from '../../../src/probe/undecoded.js';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const body = /enum class Undecoded[^{]*\{(.*?)\}/s.exec(read('native/decode/decoder.h'))?.[1] ?? '';
const reasons = [...body.matchAll(/^\s*(\w+),/gm)]
  .map(([, name]) => name ?? '')
  .filter((name) => name !== 'none');

test('every reason of the decoder is explained, and no other', () => {
  expect(reasons.length).toBeGreaterThan(5);
  expect(Object.keys(undecodedReasons)).toEqual(reasons);
});

test.each(reasons)('the schema and its page say what %s is', (reason) => {
  const isIn = (path: string, row: RegExp) => row.test(read(path));
  expect(isIn('proto/panoptes.proto', new RegExp(`^//   ${reason} +\\S`, 'm'))).toBe(true);
  expect(isIn('docs/schema.md', new RegExp(`^\\| \`${reason}\` \\|.*\\|.*\`[0-9a-f ]{8,}\``, 'm'))).toBe(
    true,
  );
});
