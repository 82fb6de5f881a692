// `npm run docs`: docs/fields.md and docs/errors.md from the tables in src; --check only compares (exit 1).
// test/unit/docs.test.ts checks the same.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from './build.mjs';
import { errorsMarkdown } from './lib/errors-markdown.mjs';
import { inProject, say } from './lib/project.mjs';

if (!(await build(['proto', 'ts']))) process.exit(1);
const { fieldsMarkdown } = await import('../dist/record/docs.js');
const { errorCodes } = await import('../dist/errors.js');

const check = process.argv.includes('--check');
for (const [path, text] of [
  ['docs/fields.md', fieldsMarkdown()],
  ['docs/errors.md', errorsMarkdown(errorCodes)],
]) {
  if (existsSync(inProject(path)) && readFileSync(inProject(path), 'utf8') === text) continue;
  if (check) {
    say(`${path} is not current; run: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(inProject(path), text);
    say(`wrote ${path}`);
  }
}
