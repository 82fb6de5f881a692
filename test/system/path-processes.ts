// The processes of tests over a Path: helpers that speak JSON in lines, and the probe, which writes into a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ColumnName } from '../../src/record/columns.js';
import { decodeFrame } from '../../src/wire/codec.js';
import { FrameSplitter } from '../../src/wire/file-format.js';
import type { ProbeStatus } from '../../src/wire/frames.js';
import { inside } from './namespaces.js';

export const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));
const command = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));

/** A child that speaks JSON in lines; all of them end before a test does. */
export class Helper {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  static readonly running = new Set<Helper>();

  constructor(namespace: string, words: readonly string[]) {
    this.#child = spawn('ip', ['netns', 'exec', namespace, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    Helper.running.add(this);
    if (!this.#child.stdout) throw new Error('no pipe');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#ended = once(this.#child, 'exit');
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done)
      throw new Error(`${this.#child.spawnargs.slice(3).join(' ')} ended with ${this.#child.exitCode}`);
    return value;
  }

  closeInput(): void {
    this.#child.stdin?.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async end(): Promise<void> {
    await this.#ended;
    Helper.running.delete(this);
    if (this.#child.exitCode !== 0) {
      throw new Error(`${this.#child.spawnargs.slice(3).join(' ')} ended with ${this.#child.exitCode}`);
    }
  }
}

/** To be called after each test. */
export function endHelpers(): void {
  for (const helper of Helper.running) helper.signal('SIGKILL');
  Helper.running.clear();
}

/** What a record says; NaN: it is missing. */
export type RecordOf = (column: ColumnName) => number;

/** `panoptes probe` into a file, with one record a flow. */
export class FileProbe {
  readonly #folder = mkdtempSync(join(tmpdir(), 'panoptes-stacks-'));
  readonly #file = join(this.#folder, 'records.pan');
  readonly #helper: Helper;

  private constructor(at: { namespace: string; interface: string }) {
    this.#helper = new Helper(at.namespace, [
      process.execPath,
      command,
      'probe',
      '-i',
      at.interface,
      '-S',
      '0',
      '--max-flows',
      '1000',
      '-w',
      this.#file,
    ]);
  }

  /** Resolves once there is one more packet socket than before. */
  static async open(at: { namespace: string; interface: string }): Promise<FileProbe> {
    const sockets = () => inside(at.namespace, 'cat', '/proc/net/packet').trim().split('\n').length;
    const before = sockets();
    const probe = new FileProbe(at);
    for (let tries = 0; tries < 800 && sockets() === before; tries++) await sleep(25);
    await sleep(100);
    return probe;
  }

  /** Its records, and its last status. */
  async close(): Promise<{ records: RecordOf[]; status: ProbeStatus }> {
    this.#helper.signal('SIGINT');
    await this.#helper.end();
    const frames = new FrameSplitter().push(readFileSync(this.#file)).map(decodeFrame);
    rmSync(this.#folder, { recursive: true });
    const last = frames.at(-1);
    if (last?.kind !== 'status') throw new Error('the probe did not end with its status');
    const records = frames.flatMap((frame) => {
      if (frame.kind !== 'batch') return [];
      const { batch } = frame;
      return Array.from(
        { length: batch.rows },
        (_, row): RecordOf =>
          (column) =>
            batch.column(column)(row) ?? Number.NaN,
      );
    });
    return { records, status: last.status };
  }
}
