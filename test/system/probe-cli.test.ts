// `panoptes probe` and `panoptes start` as processes: files in, records out, signals, ports, broken outputs. Needs a
// build (npm run build).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openSource, type StreamItem } from '../../src/client/stream.js';
import { sampleCaptures } from '../../src/sample/captures.js';
import { decodeFrame } from '../../src/wire/codec.js';
import { FrameSplitter } from '../../src/wire/file-format.js';
import type { Frame } from '../../src/wire/frames.js';

const main = fileURLToPath(new URL('../../bin/panoptes.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'panoptes-cli-'));
const captures = new Map(sampleCaptures().map((capture) => [capture.name, capture]));

function capture(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, captures.get(name)?.bytes ?? new Uint8Array(0));
  return path;
}

const running = new Set<Panoptes>();
afterEach(() => {
  for (const one of running) one.child.kill('SIGKILL');
  running.clear();
});

class Panoptes {
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown>;
  stdout = Buffer.alloc(0);
  stderr = '';

  constructor(words: readonly string[], options: { uid?: number; gid?: number; input?: Uint8Array } = {}) {
    const { input, ...ids } = options;
    this.child = spawn(process.execPath, [main, ...words], { ...ids, cwd: folder });
    running.add(this);
    this.child.stdout?.on('data', (bytes: Buffer) => {
      this.stdout = Buffer.concat([this.stdout, bytes]);
    });
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.stderr += bytes.toString();
    });
    this.child.stdin?.on('error', () => undefined);
    if (input) this.child.stdin?.end(input);
    this.#ended = once(this.child, 'close');
  }

  /** Exit code, or the name of the signal that ended it. */
  async end(): Promise<number | string | null> {
    await this.#ended;
    running.delete(this);
    return this.child.exitCode ?? this.child.signalCode;
  }

  async says(words: RegExp, where: 'stdout' | 'stderr' = 'stderr'): Promise<string[]> {
    return vi.waitFor(
      () => {
        const found = words.exec(this[where].toString());
        if (!found) throw new Error(`waited for ${words}, got: ${this.stdout}${this.stderr}`);
        return [...found];
      },
      { timeout: 20_000, interval: 20 },
    );
  }
}

async function run(words: readonly string[], options: { input?: Uint8Array } = {}) {
  const process = new Panoptes(words, options);
  const code = await process.end();
  return { code, stdout: process.stdout, stderr: process.stderr };
}

function framesOf(bytes: Uint8Array): Frame[] {
  const splitter = new FrameSplitter();
  const frames = splitter.push(bytes).map(decodeFrame);
  expect(splitter.end().cutBytes).toBe(0);
  return frames;
}

function packetsOf(frames: readonly Frame[]): number | undefined {
  const last = frames.filter((frame) => frame.kind === 'status').at(-1);
  return last?.kind === 'status' && last.status.last ? last.status.packets : undefined;
}

describe('capture files', () => {
  test('several files become one record file: Welcome, batches, the last status', async () => {
    const out = join(folder, 'out.pan');
    const result = await run([
      'probe',
      '-e',
      'sensor',
      '-r',
      capture('web.pcap'),
      capture('dns.pcap'),
      '-w',
      out,
    ]);
    expect(result).toMatchObject({ code: 0, stdout: Buffer.alloc(0) });
    expect(result.stderr).toMatch(
      /^panoptes probe: web\.pcap and dns\.pcap: \d+ packets, \d+ flows, \d+ records in [\d.]+ s\n$/,
    );
    const frames = framesOf(readFileSync(out));
    expect(frames[0]).toMatchObject({
      kind: 'welcome',
      welcome: { probeId: 'sensor', source: 'web.pcap and dns.pcap' },
    });
    const packets = (captures.get('web.pcap')?.packets ?? 0) + (captures.get('dns.pcap')?.packets ?? 0);
    expect(packetsOf(frames)).toBe(packets);
  });

  test.each(['plain', 'gzipped'])('stdin that is %s becomes records on stdout', async (kind) => {
    const { bytes = new Uint8Array(0), packets } = captures.get('mixed.pcap') ?? {};
    const result = await run(['probe', '-r', '-', '-w', '-'], {
      input: kind === 'plain' ? bytes : gzipSync(bytes),
    });
    expect(result.code).toBe(0);
    expect(packetsOf(framesOf(result.stdout))).toBe(packets);
  });

  test('a capture filter behind a lone dash', async () => {
    const result = await run(['probe', '-r', capture('mixed.pcap'), '-w', '-', '-', 'icmp', 'or', 'icmp6']);
    const packets = packetsOf(framesOf(result.stdout)) ?? 0;
    expect(packets).toBeGreaterThan(0);
    expect(packets).toBeLessThan(400);
  });

  test('a cut file is a warning and exit 0, a file that is absent costs 1 and the others nothing', async () => {
    const cut = await run(['probe', '-r', capture('format-cut.pcap'), '-w', '-']);
    expect(cut.code).toBe(0);
    expect(packetsOf(framesOf(cut.stdout))).toBe(captures.get('format-cut.pcap')?.packets);
    const absent = await run(['probe', '-r', join(folder, 'absent.pcap'), capture('web.pcap'), '-w', '-']);
    expect(absent.code).toBe(1);
    expect(absent.stderr).toContain('absent.pcap');
    expect(packetsOf(framesOf(absent.stdout))).toBe(captures.get('web.pcap')?.packets);
  });

  test.each([
    [['probe'], '-i'],
    [['probe', '-r', 'a.pcap'], '-w FILE'],
    [['probe', '-r', 'a.pcap', '-i', 'lo'], 'not both'],
    [['probe', '-r', 'a.pcap', '-w', '-', '--max-flow', '5'], '--max-flows'],
    [['probe', '-r', 'a.pcap', '-P', 'http'], 'number from 0 to 65535'],
  ])('bad usage ends with 2 and says what to do: %j', async (words, hint) => {
    const result = await run(words);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(hint);
    expect(result.stdout).toHaveLength(0);
  });

  test('a capture filter that cannot be ends with 2', async () => {
    const result = await run(['probe', '-r', capture('web.pcap'), '-w', '/dev/null', '-', 'tcp porrt 80']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('tcp porrt 80');
  });
});

describe('outputs that break', () => {
  test('a reader that closes the pipe ends the probe quietly', async () => {
    const probe = new Panoptes(['probe', '-r', capture('web.pcap'), '--loop', '-w', '-']);
    probe.child.stdout?.once('data', () => probe.child.stdout?.destroy());
    expect(await probe.end()).toBe(0);
    expect(probe.stderr).not.toContain('cannot write');
  });

  test.skipIf(process.platform !== 'linux')(
    'a full disk is said once, counted, and ends with 1',
    async () => {
      const result = await run(['probe', '-r', capture('mixed.pcap'), '-w', '/dev/full']);
      expect(result.code).toBe(1);
      expect(result.stderr.match(/no space left/g)).toHaveLength(1);
      expect(result.stderr).toMatch(/\d+ records could not be written/);
    },
  );

  test('a folder that does not exist', async () => {
    const result = await run(['probe', '-r', capture('web.pcap'), '-w', join(folder, 'no', 'out.pan')]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('cannot write');
  });
});

async function collect(port: number, items: StreamItem[] = []): Promise<StreamItem[]> {
  const url = new URL(`ws://127.0.0.1:${port}/v1/stream`);
  const { signal } = new AbortController();
  for await (const item of openSource({ kind: 'server', url }, { signal, reconnect: false }))
    items.push(item);
  return items;
}

function packetsIn(items: readonly StreamItem[]): number {
  let packets = 0;
  for (const item of items) {
    if (item.kind !== 'batch') continue;
    const [src, dst] = [item.batch.column('srcPackets'), item.batch.column('dstPackets')];
    for (let row = 0; row < item.batch.rows; row++) packets += (src(row) ?? 0) + (dst(row) ?? 0);
  }
  return packets;
}

const shutdownReason = 7;

function reasonsIn(items: readonly StreamItem[]): Set<number | undefined> {
  const reasons = new Set<number | undefined>();
  for (const item of items) {
    if (item.kind !== 'batch') continue;
    const read = item.batch.column('reason');
    for (let row = 0; row < item.batch.rows; row++) reasons.add(read(row));
  }
  return reasons;
}

describe('files that are served', () => {
  test('wait for their first client, give it everything, and then the probe ends', async () => {
    const probe = new Panoptes(['probe', '-r', capture('mixed.pcap'), '-P', '0']);
    const [, port] = await probe.says(/waiting for the first client on port (\d+)/);
    const items = await collect(Number(port));
    expect(packetsIn(items)).toBe(captures.get('mixed.pcap')?.packets);
    expect(await probe.end()).toBe(0);
    expect(probe.stdout).toHaveLength(0);
  });

  test('at a pace they begin at once', async () => {
    const words = [
      'probe',
      '-r',
      capture('mixed.pcap'),
      '-P',
      '0',
      '--pace',
      '1000',
      '-w',
      join(folder, 'paced.pan'),
    ];
    expect(await run(words)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('waiting') });
    expect(packetsOf(framesOf(readFileSync(join(folder, 'paced.pan'))))).toBe(400);
  });

  test('a signal ends the waiting', async () => {
    const probe = new Panoptes(['probe', '-r', capture('mixed.pcap'), '-P', '0']);
    await probe.says(/waiting/);
    probe.child.kill('SIGTERM');
    expect(await probe.end()).toBe(0);
  });

  test('a replay in a loop ends with a signal, and what it wrote is whole', async () => {
    const out = join(folder, 'loop.pan');
    const probe = new Panoptes([
      'probe',
      '-r',
      capture('ping.pcap'),
      '--loop',
      '--pace',
      '50',
      '-w',
      out,
      '-P',
      '0',
    ]);
    await vi.waitFor(() => expect(readFileSync(out).length).toBeGreaterThan(5000), { timeout: 20_000 });
    probe.child.kill('SIGINT');
    expect(await probe.end()).toBe(0);
    expect(packetsOf(framesOf(readFileSync(out)))).toBeGreaterThan(
      captures.get('ping.pcap')?.packets ?? Infinity,
    );
  });

  test('a port that is in use is an error that says by what', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const result = await run(['probe', '-r', capture('web.pcap'), '-P', String(port)]);
    server.close();
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`port ${port} is in use`);
  });
});

describe('the main job', () => {
  test('says three lines, serves sample traffic, and ends with 0 on Ctrl-C that comes twice', async () => {
    const start = new Panoptes(['start', '-P', '0']);
    const [, port] = await start.says(/Serving the records on port (\d+)/, 'stdout');
    const items: StreamItem[] = [];
    const reader = collect(Number(port), items);
    await vi.waitFor(async () => {
      const health = (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as {
        clients: number;
        lastBatch: number;
      };
      expect(health).toMatchObject({ clients: 1 });
      expect(health.lastBatch).toBeGreaterThan(2);
    }, 20_000);
    start.child.kill('SIGINT');
    start.child.kill('SIGINT');
    expect(await start.end()).toBe(0);
    expect(start.stdout.toString().trimEnd().split('\n')).toHaveLength(3);
    expect(start.stdout.toString()).toContain(`npx panoptes ra -S localhost:${port} -n`);
    // Told to end, it still sent what it knew: records of open flows, then the last status.
    await reader.catch(() => undefined);
    expect(reasonsIn(items)).toContain(shutdownReason);
    const last = items.filter((item) => item.kind === 'status').at(-1);
    expect(last?.kind === 'status' && last.status.last).toBe(true);
  });

  test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'takes 5561 where the user may not open 561, and says so',
    async () => {
      const lowest = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
      if (lowest <= 561) return;
      const start = new Panoptes(['start'], { uid: 65534, gid: 65534 });
      await start.says(/port 5561 of localhost, because this user may not open port 561/, 'stdout');
      await start.says(/ra -S localhost:5561 -n/, 'stdout');
      start.child.kill('SIGTERM');
      expect(await start.end()).toBe(0);
    },
  );

  test('a link that does not exist: no lines that promise something, exit 2', async () => {
    const result = await run(['start', '-i', 'no-such0', '-P', '0']);
    expect(result.code).toBe(process.getuid?.() === 0 ? 2 : result.code);
    expect(result.stdout).toHaveLength(0);
    expect(result.stderr).toContain('no-such0');
  });
});
