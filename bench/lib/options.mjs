// The command line of `npm run bench`.
import { cases } from './cases.mjs';
import { corpusCase } from './corpus.mjs';
import { jsCaseNames } from './js-cases.mjs';
import { readWords, UsageError } from './usage.mjs';

const packetCases = [...cases, corpusCase];
const caseNames = [...packetCases.map(({ name }) => name), ...jsCaseNames];

export const usage = `npm run bench -- [options]
  --case NAME      only this one, repeatable: ${caseNames.join(', ')}
  --packets N      at most so many packets a capture (small ones measure the start of the runtime)
  --rounds N       alternated rounds, medians are printed (default 3)
  --peers LIST     all (default), none, or names: argus,softflowd,nfpcapd
  --json           JSON on stdout in place of the tables; the tables go to stderr
  --compare FILE   an earlier --json: ratios new/old, and whether they are more than noise
`;

function positive(text, name) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} takes a whole number from 1, not '${text}'`);
  return value;
}

/** { packetCases, jsCases, packets, rounds, peers, json, compare, help }; throws UsageError. */
export function parseOptions(args) {
  const options = {
    case: { type: 'string', multiple: true, default: [] },
    packets: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string', default: 'all' },
    json: { type: 'boolean', default: false },
    compare: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  };
  const values = readWords(args, options);
  const unknown = values.case.find((name) => !caseNames.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`unknown case '${unknown}'; there are ${caseNames.join(', ')}`);
  }
  const isWanted = (name) => values.case.length === 0 || values.case.includes(name);
  return {
    packetCases: packetCases.filter(({ name }) => isWanted(name)),
    jsCases: jsCaseNames.filter(isWanted),
    packets: values.packets === undefined ? Number.POSITIVE_INFINITY : positive(values.packets, 'packets'),
    rounds: positive(values.rounds, 'rounds'),
    peers: values.peers,
    json: values.json,
    compare: values.compare,
    help: values.help,
  };
}
