// The addon in worker threads and at the end of processes: threads are joined, nothing crashes, nothing hangs.
// Each case is a process of its own, so that a crash is an exit signal and not the end of the tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addonPaths } from '../../src/probe/addon.js';
import { sampleCaptures } from '../../src/sample/captures.js';
import { nativeOptions } from './native-options.js';

const folder = mkdtempSync(join(tmpdir(), 'panoptes-lifecycle-'));
const capture = join(folder, 'mixed.pcap');
const mixed = sampleCaptures().find(({ name }) => name === 'mixed.pcap');
writeFileSync(capture, mixed?.bytes ?? new Uint8Array(0));

const options = nativeOptions({ sources: [{ kind: 'file', path: capture }], loop: true, queueBatches: 4 });

/** Begins every script: `open(changes)` makes a started probe, `sum` counts what was taken. */
const prelude = `
const { existsSync } = require('node:fs');
const addon = require(${JSON.stringify(addonPaths())}.find((path) => existsSync(path)));
let records = 0;
function open(changes, onEnd) {
  const take = () => {
    for (let item = probe.take(); item; item = probe.take()) {
      if (item.kind === 'batch') records += item.records;
      if (item.kind === 'end') onEnd?.();
    }
  };
  const probe = new addon.NativeProbe({ ...${JSON.stringify(options)}, ...changes }, (signal) => {
    if (signal === 'readable') take();
  });
  probe.start();
  return probe;
}
`;

function run(script: string) {
  const child = spawnSync(process.execPath, ['-e', prelude + script], { encoding: 'utf8', timeout: 30_000 });
  return { status: child.status, signal: child.signal, stderr: child.stderr, stdout: child.stdout.trim() };
}

const clean = { status: 0, signal: null, stderr: '' };

test('a process ends by itself once a probe has come to its end', () => {
  expect(run(`open({ loop: false }, () => console.log('records', records > 0));`)).toEqual({
    ...clean,
    stdout: 'records true',
  });
});

test('process.exit in the middle of a capture ends the process at once', () => {
  expect(run(`open({}); setTimeout(() => process.exit(0), 100);`)).toMatchObject(clean);
});

test('process.exit while the queue is full and nobody takes', () => {
  const script = `
    const probe = new addon.NativeProbe({ ...${JSON.stringify(options)}, queueBatches: 1 }, () => {});
    probe.start();
    setTimeout(() => process.exit(0), 100);`;
  expect(run(script)).toMatchObject(clean);
});

test('process.exit with a live feed that waits for bytes', () => {
  const script = `
    open({ sources: [{ kind: 'feed', name: 'nothing', live: true }], loop: false });
    setTimeout(() => process.exit(0), 100);`;
  expect(run(script)).toMatchObject(clean);
});

test('process.exit with a feed that is read like a file and waits for bytes', () => {
  const script = `
    open({ sources: [{ kind: 'feed', name: 'nothing', live: false }], loop: false });
    setTimeout(() => process.exit(0), 100);`;
  expect(run(script)).toMatchObject(clean);
});

test('process.exit right behind start, and a probe that was never started', () => {
  expect(run(`open({}); process.exit(0);`)).toMatchObject(clean);
  expect(run(`new addon.NativeProbe(${JSON.stringify(options)}, () => {}); process.exit(0);`)).toMatchObject(
    clean,
  );
});

test('an uncaught exception in a signal ends the process like any other', () => {
  const child = run(`open({}, () => {}); setTimeout(() => { throw new Error('on purpose'); }, 100);`);
  expect(child).toMatchObject({ status: 1, signal: null });
  expect(child.stderr).toContain('on purpose');
});

const workers = `
const { Worker } = require('node:worker_threads');
function worker(body) {
  return new Worker(${JSON.stringify(prelude)} + body, { eval: true });
}
`;

test('a worker is terminated in the middle of its capture, and the process goes on', () => {
  const script = `${workers}
    const ended = worker('open({}); require("node:worker_threads").parentPort.postMessage("started");');
    ended.once('message', async () => {
      await ended.terminate();
      open({ loop: false }, () => console.log('records', records > 0));
    });`;
  expect(run(script)).toEqual({ ...clean, stdout: 'records true' });
});

test('a worker is terminated while its probe waits: a full queue, an empty feed', () => {
  const feed = `open({ sources: [{ kind: "feed", name: "nothing", live: true }], loop: false });`;
  const full = `new addon.NativeProbe(${JSON.stringify({ ...options, queueBatches: 1 })}, () => {}).start();`;
  const script = `${workers}
    for (const body of ${JSON.stringify([feed, full])}) {
      const one = worker(body + 'require("node:worker_threads").parentPort.postMessage("started");');
      one.once('message', () => setTimeout(() => one.terminate(), 50));
    }`;
  expect(run(script)).toMatchObject(clean);
});

test('several workers measure at once, and each gets its own records', () => {
  const body = `open({ loop: false, statusInterval: 0 }, () => require("node:worker_threads").parentPort.postMessage(records));`;
  const script = `${workers}
    const counts = [];
    for (let count = 0; count < 4; count++) {
      worker(${JSON.stringify(body)}).once('message', (records) => {
        counts.push(records);
        if (counts.length === 4) console.log(new Set(counts).size, counts[0] > 0);
      });
    }`;
  expect(run(script)).toEqual({ ...clean, stdout: '1 true' });
});

test('process.exit while workers capture', () => {
  const script = `${workers}
    for (let count = 0; count < 3; count++) worker('open({});');
    open({});
    setTimeout(() => process.exit(0), 300);`;
  expect(run(script)).toMatchObject(clean);
});

test('workers come and go, many times', () => {
  const script = `${workers}
    (async () => {
      for (let count = 0; count < 15; count++) {
        const one = worker('open({}); require("node:worker_threads").parentPort.postMessage("started");');
        await new Promise((resolve) => one.once('message', resolve));
        await one.terminate();
      }
      console.log('done');
    })();`;
  expect(run(script)).toEqual({ ...clean, stdout: 'done' });
});
