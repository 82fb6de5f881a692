#!/usr/bin/env node
// The panoptes command. Every command is one file beside this one, loaded only when it is called. It is CommonJS when
// it is bundled (scripts/lib/bundle.mjs), where nothing can be awaited at the top.
import { type CommandEntry, loadTree, runProgram } from './shared/program.js';

const commands: readonly CommandEntry[] = [
  {
    name: 'probe',
    about: 'measure links or capture files: serve the records, or write them',
    load: async () => (await import('./probe.js')).probeCommand(),
  },
  {
    name: 'ra',
    about: 'read, filter and print flow records',
    load: async () => (await import('./ra.js')).raCommand(),
  },
  {
    name: 'fields',
    about: 'the fields of a flow record: names, units, meaning',
    load: async () => (await import('./fields.js')).fieldsCommand(),
  },
  {
    name: 'start',
    about: 'measure and serve with defaults; without links, sample traffic',
    load: async () => (await import('./start.js')).startCommand(),
  },
  {
    name: 'doctor',
    about: 'what is fine here, what is not, what to do',
    load: async () => (await import('./doctor.js')).doctorCommand(),
  },
  {
    name: 'alias',
    about: "shell functions that let argus's command names work",
    load: async () => (await import('./alias.js')).aliasCommand(),
  },
  {
    name: 'completion',
    about: 'completion for bash, zsh or fish',
    load: async () => (await import('./completion.js')).completionCommand(() => loadTree(commands)),
  },
];

void runProgram(commands, process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  // Nothing should be left that keeps the process alive; if something is, it must not hang a shell.
  setTimeout(() => process.exit(exitCode), 500).unref();
});
