// The mutation run: build/fuzz/mutate over every capture that the project makes itself, and over real ones
// where there are any (PANOPTES_CORPUS, else the folder `shared/corpus` beside the checkout).
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';
import { run } from './run.mjs';

const corpusFolder = () => process.env.PANOPTES_CORPUS || inProject('../shared/corpus');

/** Paths of the captures below a folder, sorted; none where it does not exist. */
export function capturesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((path) => /\.(pcap|pcapng|cap)$/.test(path))
    .sort()
    .map((path) => join(folder, path));
}

/** Writes the project's own captures into build/captures; needs a build. */
export async function ownCaptures() {
  const folder = inProject('build/captures');
  mkdirSync(folder, { recursive: true });
  const { code, text } = await run(process.execPath, [inProject('scripts/make-captures.mjs'), folder]);
  if (code !== 0) throw new Error(`scripts/make-captures.mjs failed:\n${text}`);
  return capturesBelow(folder);
}

/** The project's own captures and those of the corpus. */
export const allCaptures = async () => [...(await ownCaptures()), ...capturesBelow(corpusFolder())];

/** One line of what the program said of a run that went well: its totals. */
export function mutationNote(text) {
  const captures = /^seed (\d+), (\d+) captures/m.exec(text);
  const packets = /^packets: (\d+) cases, (\d+) packets: (\d+) in (\d+) records/m.exec(text);
  const files = /^files: (\d+) cases, (\d+) packets/m.exec(text);
  const notes = [];
  if (packets) {
    const [, cases, fed, inRecords] = packets;
    notes.push(`${cases} packets, ${inRecords} in records, ${fed - inRecords} in named counters`);
  }
  if (files) notes.push(`${files[1]} files with ${files[2]} packets`);
  if (captures) notes.push(`of ${captures[2]} captures, seed ${captures[1]}`);
  return notes.join('; ');
}

/** { good, details, note } of one run. */
export async function mutate({ packets, files, seed }) {
  const captures = await allCaptures();
  const args = ['--packets', packets, '--files', files, '--seed', seed, ...captures].map(String);
  const { code, text } = await run(inProject('build/fuzz/mutate'), args, {
    // A hang is found by the program itself. This is for one that does not even do that.
    timeoutMs: 600_000 + (packets / 5_000 + files / 20) * 1000,
    env: { UBSAN_OPTIONS: 'print_stacktrace=1' },
  });
  return { good: code === 0, details: text.slice(-6000), note: mutationNote(text) };
}
