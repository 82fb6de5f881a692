// Starts programs. Each runs in a process group of its own, so that a signal to the script ends all of it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './project.mjs';

const running = new Set();
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

function endAll(signal) {
  for (const child of running) {
    try {
      process.kill(-child.pid, signal === 'SIGHUP' ? 'SIGTERM' : signal);
    } catch {
      // It has ended by itself.
    }
  }
  process.exit(exitCodes[signal]);
}

/** Signals are taken only while something runs: after that they belong to whoever comes next. */
function watchSignals(on) {
  for (const signal of Object.keys(exitCodes)) {
    if (on) process.on(signal, endAll);
    else process.off(signal, endAll);
  }
}

/**
 * Runs a program to its end.
 * output: 'show' passes its output on to stderr, 'keep' only returns it.
 * Returns { code, text }; code 127 if it cannot be started, 124 after `timeoutMs`.
 */
export function run(command, args = [], { cwd = root, env = {}, output = 'keep', input, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', ...(output === 'show' ? [2, 2] : ['pipe', 'pipe'])],
      detached: true,
    });
    let text = '';
    let late = false;
    let timer;
    const done = (code) => {
      clearTimeout(timer);
      if (running.delete(child) && running.size === 0) watchSignals(false);
      resolve({ code, text });
    };
    child.on('error', (error) => {
      text += `${error.message}\n`;
      done(127);
    });
    child.on('close', (code) => done(late ? 124 : (code ?? 1)));
    if (child.pid === undefined) return;
    if (running.size === 0) watchSignals(true);
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
    }
    if (input !== undefined) child.stdin.on('error', () => {}).end(input);
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => {
        late = true;
        process.kill(-child.pid, 'SIGKILL');
      }, timeoutMs);
    }
  });
}

/** npm as this script was started with it, or the npm beside this node, or the one of the PATH. */
export function npm(args, options) {
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  const cli = [process.env.npm_execpath, beside].find(
    (path) => path?.endsWith('npm-cli.js') && existsSync(path),
  );
  return cli === undefined ? run('npm', args, options) : run(process.execPath, [cli, ...args], options);
}
