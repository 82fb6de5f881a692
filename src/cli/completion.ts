// `panoptes completion`: scripts for shells, made from the tree of commands, so that they cannot know other options.
import { Argument, Command, type Option } from 'commander';
import { fieldNames } from '../record/fields.js';
import { modes } from './shared/client-options.js';
import { printAll } from './shared/print-all.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** `loadTree` gives the commands with all their options. */
export function completionCommand(loadTree: () => Promise<Command>): Command {
  return new Command('completion')
    .description('print a completion script: source <(panoptes completion bash)')
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(shells))
    .action(async (shell: Shell) => {
      process.exitCode = await printAll('completion', completionScript(shell, await loadTree()));
    });
}

export function completionScript(shell: Shell, root: Command): string {
  return writers[shell](root.commands.map(describeCommand));
}

interface Completed {
  readonly name: string;
  readonly about: string;
  readonly options: readonly {
    flags: readonly string[];
    about: string;
    takesValue: boolean;
    values: readonly string[];
  }[];
  /** Words that can stand as arguments. */
  readonly words: readonly string[];
}

function describeCommand(command: Command): Completed {
  return {
    name: command.name(),
    about: command.description().split('\n')[0] ?? '',
    options: command.options.map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
      about: option.description,
      takesValue: option.required,
      values: valuesOf(option),
    })),
    words:
      command.name() === 'fields'
        ? fieldNames
        : command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

/** Values that an option is known to take; none: files are offered. */
function valuesOf(option: Option): readonly string[] {
  if (option.argChoices) return option.argChoices;
  if (option.long === '--mode') return modes;
  return option.long === '--fields' ? fieldNames : [];
}

const writers: Record<Shell, (commands: readonly Completed[]) => string> = {
  bash: bashScript,
  zsh: (commands) =>
    `#compdef panoptes\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`,
  fish: fishScript,
};

function bashScript(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options, words }) => {
    const valued = options.filter(({ takesValue }) => takesValue);
    const values = valued.map(({ flags, values: known }) => {
      const generate = known.length > 0 ? `compgen -W "${known.join(' ')}"` : 'compgen -f';
      return `        ${flags.join('|')}) COMPREPLY=($(${generate} -- "$word")); return ;;\n`;
    });
    const all = [...options.flatMap(({ flags }) => flags), ...words].join(' ');
    return (
      `    ${name})\n` +
      (values.length > 0 ? `      case "$before" in\n${values.join('')}      esac\n` : '') +
      `      COMPREPLY=($(compgen -W "${all}" -- "$word")) ;;\n`
    );
  });
  return `_panoptes() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('')}  esac
}
complete -F _panoptes panoptes
`;
}

function fishScript(commands: readonly Completed[]): string {
  const lines = ['complete -c panoptes -f'];
  for (const { name, about, options, words } of commands) {
    const within = `-n "__fish_seen_subcommand_from ${name}"`;
    lines.push(`complete -c panoptes -n "__fish_use_subcommand" -a ${name} -d ${quote(about)}`);
    if (words.length > 0) lines.push(`complete -c panoptes ${within} -a ${quote(words.join(' '))}`);
    for (const option of options) {
      const flags = option.flags.map((flag) =>
        flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
      );
      const values = !option.takesValue
        ? ''
        : option.values.length > 0
          ? ` -x -a ${quote(option.values.join(' '))}`
          : ' -r -F';
      lines.push(`complete -c panoptes ${within} ${flags.join(' ')}${values} -d ${quote(option.about)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
