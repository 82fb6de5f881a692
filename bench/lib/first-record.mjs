// How long it takes from the start of the command until its first record stands there.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cases } from './cases.mjs';
import { makeCapture, panoptes } from './packet-case.mjs';
import { run } from './process.mjs';

const packets = 1000;

/** Seconds until a command writes its first byte; it is ended then. */
function secondsToOutput(command) {
  return new Promise((resolve, reject) => {
    const begun = process.hrtime.bigint();
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    let seconds;
    child.stdout.once('data', () => {
      seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    });
    child.stdout.resume();
    child.stderr.on('data', (chunk) => {
      words += chunk;
    });
    child.on('error', reject);
    child.on('close', () => {
      if (seconds === undefined)
        reject(new Error(`${command.slice(1, 4).join(' ')} wrote nothing: ${words}`));
      else resolve(seconds);
    });
  });
}

/** { capture, recordFile }: seconds of each round for `ra -r` on either. */
export async function firstRecord(scratch, rounds) {
  const made = await makeCapture(cases[0], packets, scratch);
  const file = join(scratch, 'first.pan');
  const { code, err } = await run(panoptes('probe', '-r', made.path, '-w', file));
  if (code !== 0) throw new Error(`panoptes probe ended with ${code}: ${err.trim()}`);
  const seconds = { capture: [], recordFile: [] };
  for (let round = 0; round < rounds; round++) {
    // json has no heading line
    const ra = (path) => secondsToOutput(panoptes('ra', '-r', path, '-n', '-M', 'json', '-N', '1'));
    seconds.capture.push(await ra(made.path));
    seconds.recordFile.push(await ra(file));
  }
  made.remove();
  return seconds;
}
