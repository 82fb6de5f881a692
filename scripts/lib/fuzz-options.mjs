// The command line of `npm run fuzz` and `npm run fuzz:long`.

/** Seconds for each libFuzzer target; packets and files that the mutation run makes. */
export const shortRun = { seconds: 60, packets: 300_000, files: 2_000 };
export const longRun = { seconds: 1800, packets: 10_000_000, files: 50_000 };

export const usage =
  'usage: node scripts/fuzz.mjs [--long] [--seconds N] [--packets N] [--files N] [--seed N] [target...]';

/** { seconds, packets, files, seed, only }; throws an Error with words for a person. */
export function parseFuzzOptions(args) {
  const options = { ...(args.includes('--long') ? longRun : shortRun), seed: 1, only: [] };
  const words = args.filter((word) => word !== '--long');
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith('--')) {
      options.only.push(word.replace(/_fuzz$/, ''));
      continue;
    }
    const name = word.slice(2);
    const value = words.shift();
    if (typeof options[name] !== 'number') throw new Error(`unknown option '${word}'\n${usage}`);
    if (!/^\d+$/.test(value ?? '')) throw new Error(`${word} needs a number\n${usage}`);
    options[name] = Number(value);
  }
  return options;
}

/** What of `all` (names without _fuzz) is to run; throws where a name is none of them. */
export function chosenTargets(all, only) {
  const unknown = only.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`no fuzz target '${unknown}'; there are: ${all.join(', ')}`);
  return all.filter((name) => only.length === 0 || only.includes(name));
}
