import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ProbePlan, runProbe } from '../../../src/cli/probe-run.js';
import { PanoptesError } from '../../../src/errors.js';
import type { NativeItem } from '../../../src/probe/native-module.js';
import type { BatchParts } from '../../../src/record/batch-parts.js';
import { decodeFrame, encodeBatch, encodeFrame } from '../../../src/wire/codec.js';
import { emptyStatus, type Frame, type ProbeStatus } from '../../../src/wire/frames.js';
import { peekFrame } from '../../../src/wire/peek.js';
import { FakeProbe, fakeModule } from '../probe/fake-native.js';

const none = new Uint8Array(0);

/** A batch of the given size on the wire, or somewhat more. */
function batchOf(number: number, bytes = 0): NativeItem {
  const parts: BatchParts = {
    number,
    rows: 1,
    baseSeconds: 0,
    firstRecord: number,
    columns: [],
    rowSets: [],
    ipv4Dictionary: none,
    ipv6Dictionary: none,
    macDictionary: none,
    payload: new Uint8Array(bytes),
    filteredRows: 0,
  };
  return { kind: 'batch', number, records: 1, bytes: encodeBatch(parts) };
}

const status: ProbeStatus = {
  ...emptyStatus,
  packets: 7,
  bytes: 700,
  records: 3,
  batches: 1,
  flowsOpened: 2,
  maxFlows: 1,
  last: true,
};

const lastStatus: NativeItem = { kind: 'status', bytes: encodeFrame({ kind: 'status', status }) };
const end: NativeItem = { kind: 'end' };

function error(code: string): NativeItem {
  return { kind: 'error', code, message: `it went wrong: ${code}`, hint: 'do this', source: 'x' };
}

/** A native module whose probes begin with these items. */
function nativeWith(items: readonly NativeItem[]) {
  class Loaded extends FakeProbe {
    override start(): void {
      super.start();
      this.add(...items);
    }
    override status(): Uint8Array {
      return encodeFrame({ kind: 'status', status });
    }
  }
  return { ...fakeModule, NativeProbe: Loaded };
}

class MemoryWriter {
  readonly frames: Frame[] = [];
  closed = false;
  ended = 0;
  write(bytes: Uint8Array): void {
    this.frames.push(decodeFrame(bytes));
  }
  async close(): Promise<void> {
    this.ended++;
  }
}

const filePlan = {
  probe: { sources: [{ kind: 'file', path: '/nowhere/a.pcap' }] },
  probeId: 'test',
  source: 'a.pcap',
  pace: 'file',
} satisfies ProbePlan;
const livePlan = {
  ...filePlan,
  probe: { sources: [{ kind: 'interface', name: 'lo' }] },
  pace: 'live',
} satisfies ProbePlan;

function io(items: readonly NativeItem[]) {
  const abort = new AbortController();
  const said: string[] = [];
  const say = (message: string, hint?: string) => said.push(hint ? `${message} / ${hint}` : message);
  return { abort, said, say, signal: abort.signal, native: nativeWith(items) };
}

const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

function subscribe(port: number): { kinds: string[]; socket: WebSocket } {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, 'panoptes.v1');
  sockets.push(socket);
  const kinds: string[] = [];
  const wish = { filter: '', after: 0, runId: '', wantPayload: true, wantAll: true };
  socket.on('open', () => socket.send(encodeFrame({ kind: 'subscribe', subscribe: wish })));
  socket.on('message', (data) => kinds.push(peekFrame(data as Buffer).kind));
  socket.on('error', () => undefined);
  return { kinds, socket };
}

test('a file is written as Welcome and then every frame, and summed up in one line', async () => {
  const writer = new MemoryWriter();
  const run = io([batchOf(1), lastStatus, end]);
  expect(await runProbe({ ...filePlan, writer }, run)).toBe(0);
  expect(writer.frames.map((frame) => frame.kind)).toEqual(['welcome', 'batch', 'status']);
  expect(writer.frames[0]).toMatchObject({ welcome: { probeId: 'test', source: 'a.pcap', schema: 1 } });
  expect(writer.ended).toBe(1);
  expect(run.said).toEqual([expect.stringMatching(/^a\.pcap: 7 packets, 2 flows, 3 records in [\d.]+ s$/)]);
});

test('every run has an id of its own', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 2; count++) {
    const writer = new MemoryWriter();
    await runProbe({ ...filePlan, writer }, io([lastStatus, end]));
    for (const frame of writer.frames) if (frame.kind === 'welcome') ids.push(frame.welcome.runId);
  }
  expect(new Set(ids).size).toBe(2);
});

test('a file that fails is said with its hint, the others go on, and the exit code is 1', async () => {
  const writer = new MemoryWriter();
  const run = io([error('no-such-file'), batchOf(1), lastStatus, end]);
  expect(await runProbe({ ...filePlan, writer }, run)).toBe(1);
  expect(run.said[0]).toBe('it went wrong: no-such-file / do this');
  expect(writer.frames).toHaveLength(3);
});

test('a warning does not change the exit code', async () => {
  const run = io([
    { kind: 'warning', code: 'cut-file', message: 'cut', hint: '', source: 'x' },
    lastStatus,
    end,
  ]);
  expect(await runProbe(filePlan, run)).toBe(0);
  expect(run.said[0]).toBe('cut');
});

test.each(['no-such-interface', 'bad-capture-filter'])('%s ends the probe with 2', async (code) => {
  const run = io([error(code)]);
  expect(await runProbe(livePlan, run)).toBe(2);
  expect(run.said).toEqual([`it went wrong: ${code} / do this`]);
});

test('a port is not announced when the link fails at once', async () => {
  const announced: number[] = [];
  const onServing = ({ port }: { port: number }) => announced.push(port);
  const serve = { port: 0, host: '127.0.0.1' };
  await runProbe({ ...livePlan, serve }, { ...io([error('no-permission'), lastStatus, end]), onServing });
  expect(announced).toEqual([]);
  const going = io([]);
  const thenStop = (server: { port: number }) => {
    onServing(server);
    going.abort.abort();
  };
  await runProbe({ ...livePlan, serve }, { ...going, onServing: thenStop });
  expect(announced).toHaveLength(1);
});

test('a probe whose last link has gone ends with 1', async () => {
  expect(await runProbe(livePlan, io([error('interface-gone'), lastStatus, end]))).toBe(1);
});

test('a probe that is told to end lets the remaining records out and ends with 0', async () => {
  const writer = new MemoryWriter();
  const run = io([batchOf(1)]);
  class Slow extends run.native.NativeProbe {
    override atStop = [batchOf(2), lastStatus, end];
  }
  setTimeout(() => run.abort.abort(), 20);
  expect(
    await runProbe({ ...livePlan, writer }, { ...run, native: { ...run.native, NativeProbe: Slow } }),
  ).toBe(0);
  expect(writer.frames.map((frame) => frame.kind)).toEqual(['welcome', 'batch', 'batch', 'status']);
});

test('a served file waits for its first client and gives it everything, however much it is', async () => {
  const count = 300;
  const items = Array.from({ length: count }, (_, index) => batchOf(index + 1, 64 * 1024));
  const run = io([...items, lastStatus, end]);
  let client: ReturnType<typeof subscribe> | undefined;
  const onServing = ({ port }: { port: number }) => {
    setTimeout(() => {
      client = subscribe(port);
    }, 50);
  };
  const code = await runProbe({ ...filePlan, serve: { port: 0, host: '127.0.0.1' } }, { ...run, onServing });
  expect(code).toBe(0);
  expect(run.said[0]).toContain('waiting for the first client');
  const kinds = client?.kinds ?? [];
  expect(kinds.filter((kind) => kind === 'batch')).toHaveLength(count);
  expect(kinds).not.toContain('gap');
  expect(kinds.at(-1)).toBe('status');
});

test('a client that reads slowly slows a file down and loses nothing', async () => {
  const count = 200;
  const items = Array.from({ length: count }, (_, index) => batchOf(index + 1, 64 * 1024));
  const run = io([...items, lastStatus, end]);
  let client: ReturnType<typeof subscribe> | undefined;
  const onServing = ({ port }: { port: number }) => {
    client = subscribe(port);
    client.socket.on('message', () => {
      client?.socket.pause();
      setTimeout(() => client?.socket.resume(), 2);
    });
  };
  await runProbe({ ...filePlan, serve: { port: 0, host: '127.0.0.1' } }, { ...run, onServing });
  const kinds = client?.kinds ?? [];
  expect(kinds.filter((kind) => kind === 'batch')).toHaveLength(count);
  expect(kinds).not.toContain('gap');
});

test('a probe that waits for a client can be told to end', async () => {
  const run = io([lastStatus, end]);
  const onServing = () => setTimeout(() => run.abort.abort(), 10);
  expect(await runProbe({ ...filePlan, serve: { port: 0, host: '127.0.0.1' } }, { ...run, onServing })).toBe(
    0,
  );
});

test('a port in use is an error, and nothing was started', async () => {
  const first = io([]);
  const second = io([]);
  let port = 0;
  let refused: unknown;
  const onServing = async (server: { port: number }) => {
    port = server.port;
    await runProbe({ ...livePlan, serve: { port, host: '127.0.0.1' } }, second).catch((cause: unknown) => {
      refused = cause;
    });
    first.abort.abort();
  };
  await runProbe({ ...livePlan, serve: { port: 0, host: '127.0.0.1' } }, { ...first, onServing });
  expect(refused).toBeInstanceOf(PanoptesError);
  expect(refused).toMatchObject({ code: 'port-in-use' });
});
