import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { aliasText } from '../../../src/cli/alias.js';
import { completionScript } from '../../../src/cli/completion.js';
import { fieldEntry, fieldList } from '../../../src/cli/fields.js';
import { raCommand } from '../../../src/cli/ra.js';
import { fields } from '../../../src/record/fields.js';

function shell(name: string, script: string): string | undefined {
  const result = spawnSync(name, ['-c', script], { encoding: 'utf8' });
  if (result.error) return undefined;
  expect(result.stderr).toBe('');
  return result.stdout;
}

describe('panoptes fields', () => {
  it('has one line for every field', () => {
    const lines = fieldList().split('\n');
    for (const field of fields.values()) {
      expect(
        lines.filter((line) => line.split(/\s+/)[0] === field.name && line.includes(field.about)),
      ).toHaveLength(1);
    }
  });

  it('says all about one, also by another name', () => {
    const entry = fieldEntry('sbytes');
    expect(entry).toMatch(/^name {5}sbytes/);
    expect(entry).toContain('unit     bytes');
    expect(entry).toContain('src bytes gt 1');
    expect(fieldEntry('sbyte')).toBe(entry);
    expect(fieldEntry('dploss')).toMatch(/^unit {5}%$/m);
    expect(fieldEntry('dploss')).toMatch(/^more {5}docs\/metrics\.md#loss$/m);
    expect(fieldEntry('saddr')).not.toContain('more');
  });

  it('suggests the field that was meant', () => {
    expect(() => fieldEntry('sbites')).toThrow("unknown field 'sbites', did you mean 'sbytes'?");
  });
});

describe('panoptes alias', () => {
  it('defines functions that pass every argument on', () => {
    const script = `panoptes() { :; }; command() { printf '<%s>' "$@"; }; ${aliasText('sh')} ra -r 'a b' - tcp`;
    expect(shell('bash', script)).toBe('<panoptes><ra><-r><a b><-><tcp>');
  });

  it('has a form for fish', () => {
    expect(aliasText('fish')).toBe('function ra; command panoptes ra $argv; end\n');
  });
});

describe('panoptes completion', () => {
  const root = new Command('panoptes').addCommand(raCommand());
  root.addCommand(new Command('fields').description("it's all there").argument('[name...]'));

  function complete(...words: string[]): string[] {
    const list = words.map((word) => `'${word}'`).join(' ');
    const script = `${completionScript('bash', root)}
      COMP_WORDS=(panoptes ${list}); COMP_CWORD=${words.length}; _panoptes; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (shell('bash', script) ?? '').split('\n').filter((word) => word !== '');
  }

  it('offers commands, options, modes and fields in bash', () => {
    expect(complete('r')).toEqual(['ra']);
    expect(complete('ra', '--pre')).toEqual(['--precision']);
    expect(complete('ra', '-M', '')).toEqual(['json', 'csv', 'man', 'argus-rates']);
    expect(complete('ra', '-s', 'sbyt')).toEqual(['sbytes', 'sbyte']);
    expect(complete('fields', 'tcpr')).toEqual(['tcprtt']);
  });

  it('names every option of ra in every script', () => {
    for (const name of ['bash', 'zsh', 'fish'] as const) {
      const script = completionScript(name, root);
      for (const { long } of raCommand().options) expect(script).toContain(long?.slice(2));
    }
  });

  it('quotes what fish would take apart', () => {
    expect(completionScript('fish', root)).toContain("-a fields -d 'it\\'s all there'");
  });
});
