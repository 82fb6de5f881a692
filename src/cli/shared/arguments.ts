// Command lines as argus's users write them -> words that commander understands. Between process.argv and the
// commands. What differs: a lone `-` begins the filter, values may begin with a dash, lists end at the next option.
import type { Command, Option } from 'commander';
import { PanoptesError } from '../../errors.js';

/** Tells of a word with a dash in front whether it still belongs to the list of `option`. */
export type DashedValue = (option: Option, word: string) => boolean;

/**
 * Every value is attached to its option (`-s stime dur` -> `-sstime -sdur`), and `--` stands before the filter.
 * A lone `-` right behind an option that needs a value is that value (`-r -`, `-w -`).
 * Throws 'bad-option' at a word that belongs to nothing, in commands whose arguments are a filter.
 */
export function arrangeWords(
  command: Command,
  words: readonly string[],
  isDashedValue: DashedValue = () => false,
): string[] {
  const arranged: string[] = [];
  const takesFilter = command.registeredArguments[0]?.name() === 'filter';
  let unknown = false; // commander will name an option it does not know; its value is no stray word
  let next = 0;
  while (next < words.length) {
    const word = words[next++] as string;
    if (word === '-' || word === '--') return [...arranged, '--', ...words.slice(next)];
    if (word.startsWith('-')) unknown ||= !isKnown(command, word);
    else if (takesFilter && !unknown) throw strayWord(word);
    const open = openOption(command, word);
    const value = open && words[next];
    if (!open || value === undefined) {
      arranged.push(word);
      continue;
    }
    next++;
    if (open.flags !== '') arranged.push(open.flags);
    arranged.push(attach(open.option, value));
    if (!open.option.variadic) continue;
    while (next < words.length && continues(open.option, words[next] as string, isDashedValue)) {
      arranged.push(attach(open.option, words[next++] as string));
    }
  }
  return arranged;
}

/** The option in `word` whose value has to be the next word; `flags` are the flags that stand before it. */
function openOption(command: Command, word: string): { option: Option; flags: string } | undefined {
  if (word.startsWith('--')) {
    const option = command.options.find(({ long }) => long === word);
    return option?.required ? { option, flags: '' } : undefined;
  }
  if (!word.startsWith('-')) return undefined;
  for (let at = 1; at < word.length; at++) {
    const option = command.options.find(({ short }) => short === `-${word[at]}`);
    if (!option) return undefined;
    if (option.required) {
      return at === word.length - 1 ? { option, flags: at > 1 ? word.slice(0, at) : '' } : undefined;
    }
  }
  return undefined;
}

function isKnown(command: Command, word: string): boolean {
  const name = word.startsWith('--') ? word.split('=')[0] : word.slice(0, 2);
  return (
    name === '-h' ||
    name === '--help' ||
    command.options.some(({ short, long }) => short === name || long === name)
  );
}

function strayWord(word: string): PanoptesError {
  return new PanoptesError(
    'bad-option',
    `unexpected word '${word}'`,
    `a filter stands behind a lone '-', as in: - ${word}`,
  );
}

function attach(option: Option, value: string): string {
  return option.short && value !== '' ? `${option.short}${value}` : `${option.long}=${value}`;
}

function continues(option: Option, word: string, isDashedValue: DashedValue): boolean {
  if (word === '-' || word === '--') return false;
  return !word.startsWith('-') || isDashedValue(option, word);
}
