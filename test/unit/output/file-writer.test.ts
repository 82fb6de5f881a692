// Record files: what is written is read back; a target that fails is said once and counted.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PanoptesError } from '../../../src/errors.js';
import type { ByteSink } from '../../../src/output/byte-sink.js';
import { RecordFileWriter } from '../../../src/output/file-writer.js';
import { decodeFrame, encodeBatch, encodeFrame } from '../../../src/wire/codec.js';
import { FrameSplitter } from '../../../src/wire/file-format.js';
import { makeParts, tcpRow } from '../support/batches.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'panoptes-writer-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const welcome = encodeFrame({
  kind: 'welcome',
  welcome: {
    probeId: 'p',
    version: '1',
    schema: 1,
    startSeconds: 0,
    runId: 'r',
    firstBatch: 0,
    lastBatch: 0,
    source: 's',
  },
});
const batch = (number: number, rows = 3): Uint8Array =>
  encodeBatch(
    makeParts(
      Array.from({ length: rows }, () => tcpRow()),
      { number },
    ),
  );

/** Frames of a file; `cut` is what is left over at its end. */
function read(bytes: Uint8Array): { frames: ReturnType<typeof decodeFrame>[]; cut: number } {
  const splitter = new FrameSplitter();
  const frames = splitter.push(bytes).map(decodeFrame);
  return { frames, cut: splitter.end().cutBytes };
}

/** A sink that fails when it is told to. */
class TestSink implements ByteSink {
  failing: NodeJS.ErrnoException | undefined;
  written: Uint8Array[] = [];
  closed = false;
  constructor(readonly canRetry: boolean) {}
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    if (this.failing) throw this.failing;
    this.written.push(...chunks);
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

const errno = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

describe('RecordFileWriter', () => {
  it.each(['a.pan', 'a.pan.gz'])('writes %s so that it reads back', async (name) => {
    const path = join(folder, name);
    writeFileSync(path, 'what was there before');
    const writer = await RecordFileWriter.open(path);
    writer.write(welcome);
    for (let number = 1; number <= 50; number++) await writer.write(batch(number));
    await writer.close();
    const raw = readFileSync(path);
    const { frames, cut } = read(name.endsWith('.gz') ? gunzipSync(raw) : raw);
    expect(cut).toBe(0);
    expect(frames[0]?.kind).toBe('welcome');
    expect(frames.slice(1).map((frame) => frame.kind === 'batch' && frame.batch.number)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    expect(writer.lost).toEqual({ frames: 0, batches: 0, records: 0 });
  });

  it('has written everything when it is closed, however much came while it wrote', async () => {
    const path = join(folder, 'much.pan.gz');
    const writer = await RecordFileWriter.open(path);
    const frame = new Uint8Array(100_000);
    for (let count = 0; count < 40; count++) void writer.write(frame); // nobody waits
    await writer.close();
    expect(gunzipSync(readFileSync(path)).length).toBe(8 + 40 * 100_003);
    expect(writer.lost.frames).toBe(0);
  });

  it('makes a valid file of no frames', async () => {
    const path = join(folder, 'none.pan');
    await (await RecordFileWriter.open(path)).close();
    expect(readFileSync(path, 'latin1')).toBe('PANOPTES');
  });

  it('brings frames to the file soon, without being closed', async () => {
    const path = join(folder, 'soon.pan');
    const writer = await RecordFileWriter.open(path);
    writer.write(welcome);
    await expect.poll(() => read(readFileSync(path)).frames.length).toBe(1);
    writer.write(batch(1));
    await expect.poll(() => read(readFileSync(path)).frames.length).toBe(2);
    await writer.close();
  });

  it('asks the caller to wait when more waits than the limit', async () => {
    const writer = await RecordFileWriter.open(join(folder, 'wait.pan'), { limitBytes: 1 << 20 });
    const megabyte = new Uint8Array(600_000);
    expect(writer.write(megabyte)).toBeUndefined();
    const wait = writer.write(megabyte);
    expect(wait).toBeInstanceOf(Promise);
    await wait;
    await writer.close();
    expect(readFileSync(join(folder, 'wait.pan')).length).toBe(8 + 2 * 600_003);
  });

  it('that lags alone leaves batches out, in whole and told where they are missing, and never makes wait', async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const sink = new TestSink(true);
    const slow = {
      canRetry: true,
      close: () => sink.close(),
      write: (chunks: readonly Uint8Array[]) => held.then(() => sink.write(chunks)),
    };
    const said: string[] = [];
    const options = {
      lagsAlone: true,
      limitBytes: 0,
      onFailure: (error: PanoptesError) => said.push(error.message),
    };
    const writer = new RecordFileWriter('disk', slow, options);
    const flushing = writer.flush(); // the magic is under way, and nothing more is taken
    for (let number = 1; number <= 3; number++) expect(writer.write(batch(number, 10))).toBeUndefined();
    expect(writer.write(welcome)).toBeUndefined(); // but what is small is
    expect(writer.write(batch(4, 10))).toBeUndefined();
    go();
    await flushing;
    expect(writer.write(batch(5, 10))).toBeUndefined();
    await writer.close();
    expect(said).toEqual(['cannot write all of them to disk: it takes records more slowly than they come']);
    expect(writer.lost).toEqual({ frames: 4, batches: 4, records: 40 });
    const { frames, cut } = read(Buffer.concat(sink.written));
    expect(cut).toBe(0);
    expect(frames.map((frame) => frame.kind)).toEqual(['gap', 'welcome', 'gap', 'batch']);
    expect(frames[0]).toMatchObject({ gap: { batches: 3, records: 30, reason: 'slow-file' } });
    expect(frames[2]).toMatchObject({ gap: { batches: 1, records: 10, reason: 'slow-file' } });
  });

  it('refuses a path that cannot be written', async () => {
    const open = RecordFileWriter.open(join(folder, 'no/such/folder.pan'));
    await expect(open).rejects.toMatchObject({ code: 'write-failed' });
    await expect(open).rejects.toThrow('no such directory');
  });

  it('says a full disk once, counts, goes on when there is room, and tells the file of the gap', async () => {
    const sink = new TestSink(true);
    const said: PanoptesError[] = [];
    const writer = new RecordFileWriter('disk', sink, { onFailure: (error) => said.push(error), retryMs: 0 });
    writer.write(welcome);
    await writer.flush();
    sink.failing = errno('ENOSPC');
    for (let number = 1; number <= 3; number++) {
      writer.write(batch(number, 10));
      await writer.flush();
    }
    sink.failing = undefined;
    writer.write(batch(4, 10));
    await writer.flush();
    writer.write(batch(5, 10));
    await writer.close();
    expect(said.map((error) => error.message)).toEqual(['cannot write disk: no space left on the device']);
    expect(writer.lost).toEqual({ frames: 3, batches: 3, records: 30 });
    const { frames, cut } = read(Buffer.concat(sink.written));
    expect(cut).toBe(0);
    expect(frames.map((frame) => frame.kind)).toEqual(['welcome', 'gap', 'batch', 'batch']);
    expect(frames[1]).toMatchObject({ gap: { batches: 3, records: 30, reason: 'write-failed' } });
    expect(sink.closed).toBe(true);
  });

  it('closes itself for a target that cannot be tried again, silently when its reader has gone', async () => {
    for (const [code, expected] of [
      ['EPIPE', 0],
      ['ENOSPC', 1],
    ] as const) {
      const sink = new TestSink(false);
      let said = 0;
      const writer = new RecordFileWriter('pipe', sink, { onFailure: () => said++ });
      sink.failing = errno(code);
      writer.write(batch(1, 5));
      await writer.flush();
      expect(writer.closed).toBe(true);
      expect(writer.write(batch(2, 5))).toBeUndefined();
      await writer.close();
      expect(writer.lost.records).toBe(10);
      expect(said).toBe(expected);
    }
  });

  it.runIf(existsSync('/dev/full'))('survives a device that is full', async () => {
    const said: string[] = [];
    const writer = await RecordFileWriter.open('/dev/full', {
      onFailure: (error) => said.push(error.message),
    });
    for (let number = 1; number <= 20; number++) writer.write(batch(number, 100));
    await writer.close();
    expect(said).toEqual(['cannot write /dev/full: no space left on the device']);
    expect(writer.lost.batches).toBe(20);
  });
});
