// The case of real captures: all of a folder, one behind the other, in rounds with other addresses. The captures are
// not part of the project (others hold the rights), so without the folder the case is left out.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { root, say } from './places.mjs';
import { runJson } from './process.mjs';
import { tool } from './tools.mjs';

export const corpusFolder = () =>
  resolve(process.env.PANOPTES_CORPUS ?? join(root, '..', 'shared', 'corpus'));

/** argus 3.0.8 overruns its memory over these, and ends. */
const deadlyToPeers = ['arp_leak.pcap'];

/** The captures of the folder itself, in the order of their names. */
export function capturesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.(pcap|pcapng|cap)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Why the case cannot be; undefined: it can. */
export function corpusMissing(folder = corpusFolder()) {
  if (capturesIn(folder).length > 0) return undefined;
  return `corpus: skipped, there are no captures in ${folder} (PANOPTES_CORPUS names another folder)`;
}

/** One line of what is in the capture, and one of what is not. */
export function corpusNotes({ captures, packetsPerRound, rounds, leftOut, cut }) {
  const named = (list) => list.map(({ path, reason }) => `${basename(path)} (${reason})`).join(', ');
  const notes = [`corpus: ${captures} captures, ${packetsPerRound} packets a round, ${rounds} rounds`];
  if (leftOut.length > 0) notes.push(`corpus: left out: ${named(leftOut)}`);
  if (cut.length > 0) notes.push(`corpus: read up to where they break off: ${named(cut)}`);
  return notes;
}

/** { flows, notes } of the capture that it writes to `path`. */
async function makeCorpus(path, packets, without = []) {
  const captures = capturesIn(corpusFolder()).filter((capture) => !without.includes(basename(capture)));
  const made = await runJson([await tool('corpus'), path, String(packets), ...captures]);
  say(`corpus: ${made.captures} captures, ${made.rounds} rounds`);
  // Nobody knows the truth of these: the flows are those that the floor counts, in a table that is large enough.
  const slots = String(Math.max(16, Math.ceil(Math.log2(packets)) + 1));
  const { flows } = await runJson([await tool('floor'), path, slots]);
  return { flows, notes: corpusNotes(made) };
}

export const corpusCase = {
  name: 'corpus',
  about: 'real captures one behind the other, in rounds with other addresses',
  packets: 10_000_000,
  peerPackets: 500_000,
  bytesPerPacket: 480,
  make: (path, packets) => makeCorpus(path, packets),
  forPeers: {
    name: 'corpus-peers',
    make: (path, packets) => makeCorpus(path, packets, deadlyToPeers),
  },
};
