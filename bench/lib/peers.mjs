// Other flow meters, as they are installed here. Each reads a capture and throws its records away.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const nowhere = '/dev/null';

export const peers = [
  {
    name: 'argus',
    program: 'argus',
    command: (capture) => [
      ...['argus', '-r', capture, '-w', nowhere, '-F', nowhere],
      ...['-J', '-R', '-Z', '-A', '-m'], // all its metrics: what panoptes always measures
    ],
  },
  {
    name: 'softflowd',
    program: 'softflowd',
    // no -c: with a control socket it waits there for a command and never reads
    command: (capture) => [
      ...['softflowd', '-r', capture, '-d', '-v', '9', '-6', '-m', '4000000', '-n', '127.0.0.1:9999'],
    ],
  },
  {
    name: 'nfpcapd',
    program: 'nfpcapd',
    command: (capture, { scratch, flows }) => {
      const folder = join(scratch, 'nfpcapd');
      mkdirSync(folder, { recursive: true });
      // its table does not grow: more flows than the default need a larger one
      const cache = flows > 400_000 ? ['-B', '4000000'] : [];
      return ['nfpcapd', '-r', capture, '-w', folder, ...cache];
    },
  },
];

/** Full path of a program, also from where a plain user's PATH does not look. */
export function findProgram(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not there
    }
  }
  return undefined;
}

/** The peers to run, and the names of those that are missing. `wanted`: 'all', 'none' or a list of names. */
export function choosePeers(wanted) {
  if (wanted === 'none') return { installed: [], missing: [] };
  const names = wanted === 'all' ? peers.map(({ name }) => name) : wanted.split(',');
  const unknown = names.find((name) => !peers.some((peer) => peer.name === name));
  if (unknown !== undefined) {
    throw new RangeError(`unknown peer '${unknown}'; there are ${peers.map(({ name }) => name).join(', ')}`);
  }
  const chosen = peers.filter(({ name }) => names.includes(name));
  const found = chosen.map((peer) => ({ ...peer, path: findProgram(peer.program) }));
  return {
    installed: found.filter(({ path }) => path !== undefined),
    missing: found.filter(({ path }) => path === undefined).map(({ name }) => name),
  };
}
