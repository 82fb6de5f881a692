// Instructions of the native pipeline over a capture, counted by callgrind.
import { run } from './process.mjs';

/** All of the program's instructions; `args` follow the capture. Throws with valgrind's words if it fails. */
export async function instructions(pipeline, capture, ...args) {
  const command = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', pipeline, capture];
  const { code, err } = await run([...command, ...args.map(String)]);
  const counted = /Collected : (\d+)/.exec(err);
  if (code !== 0 || counted === null)
    throw new Error(`valgrind ended with ${code}: ${err.trim().slice(-500)}`);
  return Number(counted[1]);
}
