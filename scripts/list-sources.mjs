// native/sources.json is the one list of C++ sources, read by binding.gyp and native/CMakeLists.txt.
// --check says what differs from the disk (exit 1), --write makes it agree.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow, inProject, say } from './lib/project.mjs';

/** In the order of the data path. */
export const rooms = ['base', 'capture', 'decode', 'flow', 'batch', 'probe', 'binding'];

export function sourcesOnDisk() {
  const inRoom = (room) => filesBelow(`native/${room}`, ['.cc']).map((path) => relative('native', path));
  return Object.fromEntries(rooms.map((room) => [room, inRoom(room)]));
}

export const listedSources = () => JSON.parse(readFileSync(inProject('native/sources.json'), 'utf8'));

/** Lines that say what is listed and not there, and the other way round. */
export function differences(listed = listedSources(), onDisk = sourcesOnDisk()) {
  const [a, b] = [Object.values(listed).flat(), Object.values(onDisk).flat()];
  return [
    ...a.filter((path) => !b.includes(path)).map((path) => `listed, but not there: native/${path}`),
    ...b.filter((path) => !a.includes(path)).map((path) => `there, but not listed: native/${path}`),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--write')) {
    writeFileSync(inProject('native/sources.json'), `${JSON.stringify(sourcesOnDisk(), null, 2)}\n`);
  } else {
    const lines = differences();
    for (const line of lines) say(line);
    if (lines.length > 0) say('run: node scripts/list-sources.mjs --write');
    process.exitCode = lines.length > 0 ? 1 : 0;
  }
}
