// Starts programs and ends them when the benchmark is ended.
import { spawn } from 'node:child_process';

const running = new Set();
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

for (const [signal, code] of Object.entries(exitCodes)) {
  process.on(signal, () => {
    for (const child of running) child.kill('SIGKILL');
    process.exit(code);
  });
}

/** Runs a program to its end: { code, out, err }; code 127 if it is not there. */
export function run(command, { env = {}, timeoutMs = 900_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    running.add(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', (error) => {
      running.delete(child);
      resolve({ code: 127, out, err: error.message });
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? 128, out, err: signal ? `${err}ended by ${signal}` : err });
    });
  });
}

/** Runs a program that speaks for itself: its exit code, 127 if it is not there. Its stdin ends when this process does. */
export function runVisibly(command) {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'inherit', 'inherit'] });
    running.add(child);
    child.on('error', () => resolve(127));
    child.on('close', (code) => {
      running.delete(child);
      resolve(code ?? 128);
    });
  });
}

/** Runs a program that prints one line of JSON. Throws with its words if it fails. */
export async function runJson(command, options) {
  const { code, out, err } = await run(command, options);
  if (code !== 0)
    throw new Error(`${command.slice(0, 3).join(' ')} ended with ${code}: ${err.trim().slice(-500)}`);
  return JSON.parse(out);
}

/**
 * Starts a program that runs until it is told to end: { pid, words(), hasEnded(), end(signal) }. `words` is what
 * it said so far; `end` waits for it, and kills it where it does not listen.
 */
export function start(command, { patienceMs = 20_000 } = {}) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let words = '';
  let hasEnded = false;
  const listen = (chunk) => {
    words = `${words}${chunk}`.slice(-10_000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      listen(error.message);
      resolve();
    });
    child.on('close', resolve);
  }).then(() => {
    hasEnded = true;
    running.delete(child);
  });
  return {
    pid: child.pid,
    words: () => words,
    hasEnded: () => hasEnded,
    end: async (signal) => {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(late);
    },
  };
}
