import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { TextOutput } from '../../../../src/cli/shared/text-output.js';

/** A reader that takes writes only when it is told to. */
class SlowReader extends Writable {
  readonly chunks: string[] = [];
  #pending: (() => void) | undefined;

  constructor(readonly slow = false) {
    super({ highWaterMark: 16 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk.toString());
    if (this.slow) this.#pending = done;
    else done();
  }

  take(): void {
    const done = this.#pending;
    this.#pending = undefined;
    done?.();
  }
}

describe('TextOutput', () => {
  it('gathers lines into one write', async () => {
    const reader = new SlowReader();
    const output = new TextOutput(reader);
    for (let i = 0; i < 100; i++) void output.write('line\n');
    expect(reader.chunks).toEqual([]);
    await output.end();
    expect(reader.chunks.filter((chunk) => chunk !== '')).toEqual(['line\n'.repeat(100)]);
  });

  it('writes at once when a chunk is full', () => {
    const reader = new SlowReader();
    void new TextOutput(reader).write('x'.repeat(70_000));
    expect(reader.chunks[0]).toHaveLength(70_000);
  });

  it('writes what is left when nothing more comes', async () => {
    const reader = new SlowReader();
    void new TextOutput(reader).write('a record\n');
    await vi.waitFor(() => expect(reader.chunks).toEqual(['a record\n']));
  });

  it('makes the writer wait while the reader is behind', async () => {
    const reader = new SlowReader(true);
    const output = new TextOutput(reader);
    const wait = output.write('x'.repeat(70_000));
    let resumed = false;
    void wait?.then(() => {
      resumed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(wait).toBeDefined();
    expect(resumed).toBe(false);
    reader.take();
    await wait;
    expect(resumed).toBe(true);
  });

  it('says once that the reader has left, and lets a waiting writer go', async () => {
    const reader = new SlowReader(true);
    const closed = vi.fn();
    const output = new TextOutput(reader, closed);
    const wait = output.write('x'.repeat(70_000));
    reader.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    await wait;
    expect(output.closed).toBe(true);
    expect(closed.mock.calls).toEqual([[undefined]]);
    expect(output.write('more')).toBeUndefined();
    await output.end();
  });

  it('hands on an error that is no closed pipe', async () => {
    const reader = new SlowReader();
    const closed = vi.fn();
    const output = new TextOutput(reader, closed);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    reader.destroy(full);
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
    expect(closed.mock.calls[0]?.[0]).toMatchObject({ code: 'write-failed', cause: full });
    await output.end();
  });
});
