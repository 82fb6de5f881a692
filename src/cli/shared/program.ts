// The tree of commands, each loaded when it is called: clients start fast and need no addon. Between main.ts and
// the command files.
import { Command, CommanderError } from 'commander';
import { PanoptesError } from '../../errors.js';
import { suggest } from '../../record/suggest.js';
import { packageVersion } from '../version.js';
import { arrangeWords, type DashedValue } from './arguments.js';
import { describe, exitDone, exitUsage, printShort, reportError } from './report.js';

export interface CommandEntry {
  readonly name: string;
  readonly about: string;
  load(): Promise<Command>;
}

/** Runs a command line; resolves to the exit code once all is written. */
export async function runProgram(
  entries: readonly CommandEntry[],
  words: readonly string[],
): Promise<number> {
  const [first = ''] = words;
  const entry = entries.find(({ name }) => name === first);
  try {
    if (!entry) return await runWithoutCommand(entries, words);
    const command = (await entry.load()).name(`panoptes ${entry.name}`).exitOverride().configureOutput(quiet);
    const arranged = arrangeWords(command, words.slice(1), await dashedValueOf(command));
    await command.parseAsync(arranged, { from: 'user' });
    return Number(process.exitCode ?? exitDone);
  } catch (error) {
    return failed(entry?.name ?? '', error);
  }
}

/** Only commands that name fields load the table of fields. */
async function dashedValueOf(command: Command): Promise<DashedValue | undefined> {
  if (!command.options.some(({ long }) => long === '--fields')) return undefined;
  return (await import('./client-options.js')).isDashedValue;
}

/** All commands with their options, for completion and help. */
export async function loadTree(entries: readonly CommandEntry[]): Promise<Command> {
  const root = rootCommand();
  for (const entry of entries) root.addCommand((await entry.load()).name(entry.name));
  return root;
}

async function runWithoutCommand(
  entries: readonly CommandEntry[],
  words: readonly string[],
): Promise<number> {
  const [first, second] = words;
  if (first === 'help' && second !== undefined) return runProgram(entries, [second, '--help']);
  const root = rootCommand();
  for (const { name, about } of entries) root.command(name).description(about);
  if (first === undefined) {
    process.stderr.write(root.helpInformation());
    return exitUsage;
  }
  if (first === 'help') {
    printShort(root.helpInformation());
    return exitDone;
  }
  if (!first.startsWith('-')) {
    const near = suggest(
      first,
      entries.map(({ name }) => name),
    );
    const tail = near ? `, did you mean '${near}'?` : '';
    throw new PanoptesError(
      'bad-option',
      `unknown command '${first}'${tail}`,
      "'panoptes --help' lists the commands",
    );
  }
  await root.parseAsync([...words], { from: 'user' });
  return exitDone;
}

// What is written comes from here and from report.ts, in one voice.
const quiet = { outputError: () => {}, writeOut: printShort };

function rootCommand(): Command {
  return new Command('panoptes')
    .description('network flow probe and its clients')
    .version(packageVersion, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput(quiet);
}

function failed(command: string, error: unknown): number {
  if (!(error instanceof CommanderError)) return reportError(command, error);
  if (error.exitCode === 0) return exitDone; // --help, --version
  process.stderr.write(
    describe(command, usageMessage(error.message), `see 'panoptes ${command ? `${command} ` : ''}--help'`),
  );
  return exitUsage;
}

/** `error: unknown option '--raed'\n(Did you mean --read?)` -> `unknown option '--raed', did you mean '--read'?` */
export function usageMessage(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s*\(Did you mean ([^?]+)\?\)\s*$/, ", did you mean '$1'?")
    .trim();
}
