// `panoptes alias`: argus's command names as shell functions, for those commands that exist here.
import { Argument, Command } from 'commander';
import { printAll } from './shared/print-all.js';

/** Commands of argus that `panoptes` has under the same name. */
const argusCommands = ['ra'] as const;

const printers: Record<'sh' | 'fish', (name: string) => string> = {
  sh: (name) => `${name}() { command panoptes ${name} "$@"; }\n`,
  fish: (name) => `function ${name}; command panoptes ${name} $argv; end\n`,
};

export function aliasCommand(): Command {
  return new Command('alias')
    .description('print shell functions so that argus\'s command names work: eval "$(panoptes alias)"')
    .addArgument(
      new Argument('[shell]', 'sh is for bash, zsh and other POSIX shells')
        .choices(['sh', 'fish'])
        .default('sh'),
    )
    .action(async (shell: 'sh' | 'fish') => {
      process.exitCode = await printAll('alias', aliasText(shell));
    });
}

export function aliasText(shell: 'sh' | 'fish'): string {
  return argusCommands.map(printers[shell]).join('');
}
