import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CommandEntry, loadTree, runProgram } from '../../../../src/cli/shared/program.js';
import { PanoptesError } from '../../../../src/errors.js';

let stdout = '';
let stderr = '';

beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Commands that note what they are called with. */
function program(action: (words: string[], options: object) => void = () => {}) {
  const loaded: string[] = [];
  const entry = (name: string): CommandEntry => ({
    name,
    about: `what ${name} does`,
    load: async () => {
      loaded.push(name);
      const command = new Command(name).description(`what ${name} does`);
      command
        .option('-r, --read <file...>', 'files')
        .option('-n, --numeric', 'numbers')
        .argument('[filter...]');
      return command.action((words: string[]) => action(words, command.opts()));
    },
  });
  return { entries: [entry('ra'), entry('probe')], loaded };
}

describe('runProgram', () => {
  it('loads only the command that is called', async () => {
    const { entries, loaded } = program();
    expect(await runProgram(entries, ['ra', '-n'])).toBe(0);
    expect(loaded).toEqual(['ra']);
  });

  it('gives commands their options and their filter, argus style', async () => {
    const action = vi.fn();
    await runProgram(program(action).entries, ['ra', '-nr', '-', '-', 'tcp', 'port', '80']);
    expect(action).toHaveBeenCalledWith(['tcp', 'port', '80'], { numeric: true, read: ['-'] });
  });

  it('ends with the exit code that a command sets', async () => {
    const set = () => {
      process.exitCode = 1;
    };
    expect(await runProgram(program(set).entries, ['ra'])).toBe(1);
  });

  it('says an error of a command in one line and tells usage from failure', async () => {
    const fail = (error: unknown) =>
      program(() => {
        throw error;
      }).entries;
    expect(await runProgram(fail(new PanoptesError('bad-option', 'no', 'so')), ['ra'])).toBe(2);
    expect(await runProgram(fail(new PanoptesError('no-server', 'gone')), ['ra'])).toBe(1);
    expect(stderr).toBe('panoptes ra: no; so\npanoptes ra: gone\n');
    expect(await runProgram(fail(new TypeError('a bug')), ['ra'])).toBe(1);
    expect(stderr).toContain('panoptes ra: internal error: TypeError: a bug');
  });

  it.each([
    [['raa'], "panoptes: unknown command 'raa', did you mean 'ra'? 'panoptes --help' lists the commands\n"],
    [['ra', '-q'], "panoptes ra: unknown option '-q'; see 'panoptes ra --help'\n"],
    [
      ['ra', '--raed', 'x'],
      "panoptes ra: unknown option '--raed', did you mean '--read'? see 'panoptes ra --help'\n",
    ],
    [['ra', 'tcp'], "panoptes ra: unexpected word 'tcp'; a filter stands behind a lone '-', as in: - tcp\n"],
    [['--foo'], "panoptes: unknown option '--foo'; see 'panoptes --help'\n"],
  ])('refuses %j', async (words, said) => {
    expect(await runProgram(program().entries, words)).toBe(2);
    expect(stderr).toBe(said);
    expect(stdout).toBe('');
  });

  it('prints its commands when it is asked, and on stderr when there is none', async () => {
    const { entries, loaded } = program();
    expect(await runProgram(entries, ['--help'])).toBe(0);
    expect(stdout).toContain('what probe does');
    stdout = '';
    expect(await runProgram(entries, ['help'])).toBe(0);
    expect(stdout).toContain('what probe does');
    expect(await runProgram(entries, [])).toBe(2);
    expect(stderr).toContain('what probe does');
    expect(loaded).toEqual([]);
  });

  it('prints the help of a command by either way to ask', async () => {
    expect(await runProgram(program().entries, ['help', 'ra'])).toBe(0);
    const asked = stdout;
    stdout = '';
    expect(await runProgram(program().entries, ['ra', '--help'])).toBe(0);
    expect(stdout).toBe(asked);
    expect(asked).toContain('Usage: panoptes ra');
  });

  it('prints the version', async () => {
    expect(await runProgram(program().entries, ['--version'])).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

it('loads the whole tree for completion', async () => {
  const tree = await loadTree(program().entries);
  expect(tree.commands.map((command) => command.name())).toEqual(['ra', 'probe']);
});
