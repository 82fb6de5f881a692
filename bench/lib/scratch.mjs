// The folder of the captures: in memory where there is room, removed at the end whatever happens.
import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'panoptes-bench-';
const sharedMemory = '/dev/shm';

function freeBytes(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

// A benchmark that was killed could not clean up; its folder names its process.
function removeLeftovers(folder) {
  let names = [];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = Number(name.startsWith(prefix) && name.slice(prefix.length).split('-')[0]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes the folder; it disappears when the process exits. Needs `bytes` of room to prefer memory. */
export function makeScratch(bytes) {
  const candidates = [sharedMemory, tmpdir()];
  for (const folder of candidates) removeLeftovers(folder);
  const parent = freeBytes(sharedMemory) > bytes ? sharedMemory : tmpdir();
  if (freeBytes(parent) < bytes) {
    throw new Error(`${parent} has no room for ${Math.ceil(bytes / 1e6)} MB of captures; use --packets`);
  }
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
