// The pages of docs/ that are made from tables are current, and links lead somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { errorsMarkdown } from '../../scripts/lib/errors-markdown.mjs';
import { errorCodes } from '../../src/errors.js';
import { fieldsMarkdown } from '../../src/record/docs.js';
import { fields } from '../../src/record/fields.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('docs', () => {
  it('errors.md is what `npm run docs` makes of the table of errors', () => {
    expect(read('docs/errors.md')).toBe(errorsMarkdown(errorCodes));
  });

  it('fields.md is what `npm run docs` makes of the field table', () => {
    expect(read('docs/fields.md')).toBe(fieldsMarkdown());
  });

  it('every section of metrics.md is the one that fields name, and every field finds its own', () => {
    const anchors = [...read('docs/metrics.md').matchAll(/^## (.*)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const named = new Set([...fields.values()].flatMap(({ more }) => more ?? []));
    expect(anchors.filter((anchor) => !named.has(anchor))).toEqual(['how-the-numbers-were-checked']);
    expect([...named].filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  it('metrics.md names every field in its own section', () => {
    const sections = new Map(
      read('docs/metrics.md')
        .split(/^## /m)
        .map((text) => [(text.split('\n')[0] ?? '').toLowerCase().replaceAll(' ', '-'), text]),
    );
    const silent = [...fields.values()].filter(({ name, more }) => {
      const names = [name, name.replace(/^d/, 's'), name.replace(/^s/, 'd')];
      return more && !names.some((one) => sections.get(more)?.includes(`\`${one}\``));
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('every relative link of README and docs leads to a file', () => {
    const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => `docs/${path}`);
    const broken = ['README.md', 'CHANGELOG.md', ...pages].flatMap((page) =>
      [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, to]) => to ?? '')
        .filter((to) => !/^[a-z]+:/.test(to) && !existsSync(join(root, dirname(page), to)))
        .map((to) => `${page}: ${to}`),
    );
    expect(broken).toEqual([]);
  });

  it('every decision is in the index of decisions', () => {
    const pages = readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d{4}-.*\.md$/.test(name));
    const index = read('docs/README.md');
    expect(pages.filter((name) => !index.includes(`decisions/${name}`))).toEqual([]);
    expect(pages.length).toBeGreaterThan(0);
  });
});
