// Clients and server over real sockets: everybody gets every batch, whoever is slow or cut is told or resumed.

import { connect, createServer as createTcp, type Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { batchFrame, largeFrame, statusFrame, welcomeOf } from '../unit/fanout/synthetic.js';
import { type Fixture, RawClient, Reader, range, startServer } from './stream-support.js';

const fixtures: { close(): Promise<void> }[] = [];
const patience = { timeout: 20_000, interval: 5 };

async function start(...options: Parameters<typeof startServer>): Promise<Fixture> {
  const fixture = await startServer(...options);
  fixtures.push(fixture.server);
  return fixture;
}

afterEach(async () => {
  await Promise.all(fixtures.splice(0).map((fixture) => fixture.close()));
});

function publish({ hub }: Fixture, from: number, to: number, bytes = 200): void {
  for (let number = from; number <= to; number++) hub.publish(largeFrame(number, bytes));
}

async function subscribed({ hub }: Fixture, count: number): Promise<void> {
  await vi.waitFor(() => expect(hub.counters.subscribers).toBe(count), patience);
}

describe('many clients', () => {
  it('all get all batches, byte for byte', async () => {
    const fixture = await start();
    const readers = range(1, 50).map(() => new Reader(fixture.url));
    await subscribed(fixture, 50);
    const frames = range(1, 200).map((number) => largeFrame(number, 20_000));
    for (const frame of frames) {
      fixture.hub.publish(frame);
      await turn();
    }
    await vi.waitFor(
      () => expect(readers.every((reader) => reader.numbers.length === 200)).toBe(true),
      patience,
    );
    for (const reader of readers) {
      expect(reader.numbers).toEqual(range(1, 200));
      expect(reader.gaps).toEqual([]);
    }
    const [reader] = readers;
    const bytes = reader?.items.flatMap((item) => (item.kind === 'batch' ? [item.bytes] : [])) ?? [];
    expect(Buffer.concat(bytes).equals(Buffer.concat(frames))).toBe(true);
    expect(fixture.hub.counters.decodes).toBe(0);
    await Promise.all(readers.map((each) => each.stop()));
  });

  it('share the decoding and one encoding for each filter', async () => {
    const fixture = await start();
    const tcp = range(1, 10).map(() => new Reader(fixture.url, { filter: 'tcp' }));
    const udp = range(1, 10).map(() => new Reader(fixture.url, { filter: 'udp' }));
    await subscribed(fixture, 20);
    for (let number = 1; number <= 20; number++) {
      publish(fixture, number, number);
      await turn();
    }
    await vi.waitFor(
      () => expect([...tcp, ...udp].every((reader) => reader.count('batch') === 20)).toBe(true),
      patience,
    );
    expect(fixture.hub.counters).toMatchObject({ decodes: 20, encodes: 40 });
    const protocols = (reader: Reader | undefined) =>
      new Set(
        reader?.items.flatMap((item) =>
          item.kind === 'batch' ? range(0, item.batch.rows - 1).map(item.batch.column('protocol')) : [],
        ),
      );
    expect(protocols(tcp[0])).toEqual(new Set([6]));
    expect(protocols(udp[0])).toEqual(new Set([17]));
    await Promise.all([...tcp, ...udp].map((reader) => reader.stop()));
  });

  it('are turned away with a reason when there are too many', async () => {
    const fixture = await start({}, { maxClients: 2 });
    const readers = [new Reader(fixture.url), new Reader(fixture.url)];
    await subscribed(fixture, 2);
    await expect(new Reader(fixture.url).done).rejects.toMatchObject({ code: 'server-full' });
    await readers[0]?.stop();
    await subscribed(fixture, 1);
    const late = new Reader(fixture.url);
    await subscribed(fixture, 2);
    publish(fixture, 1, 1);
    await vi.waitFor(() => expect(late.numbers).toEqual([1]), patience);
    await Promise.all([readers[1]?.stop(), late.stop()]);
  });
});

describe('a client that never reads', () => {
  it('is told what it lost, slows nobody and takes no memory', async () => {
    const fixture = await start({ limitBytes: 2 << 20, historyBytes: 4 << 20, windowBytes: 256 << 10 });
    const stalled = await RawClient.open(fixture.url, {});
    const quick = await RawClient.open(fixture.url, {});
    await subscribed(fixture, 2);
    stalled.socket.pause();

    // 300 MB go by; held of them are the history and what the socket of the stalled client was given.
    const count = 3000;
    const rssBefore = process.memoryUsage.rss();
    for (let number = 1; number <= count; number++) {
      fixture.hub.publish(largeFrame(number, 100_000));
      while (quick.numbers.length < number - 10) await turn();
    }
    await vi.waitFor(() => expect(quick.numbers.length).toBe(count), patience);
    expect(quick.lost).toBe(0);
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(150 << 20);

    stalled.socket.resume();
    await vi.waitFor(() => expect(stalled.numbers.at(-1)).toBe(count), patience);
    expect(stalled.lost).toBeGreaterThan(count / 2);
    expect(stalled.numbers.length + stalled.lost).toBe(count);
    stalled.socket.terminate();
    quick.socket.terminate();
  });

  it('is cut when it takes nothing for too long', async () => {
    const fixture = await start({ windowBytes: 128 << 10, stallMs: 500 });
    const stalled = await RawClient.open(fixture.url, {});
    await subscribed(fixture, 1);
    stalled.socket.pause();
    for (let number = 1; fixture.hub.counters.stalled === 0; number++) {
      publish(fixture, number, number, 200_000);
      await sleep(5);
    }
    await vi.waitFor(() => expect(fixture.server.clients).toBe(0), patience);
    stalled.socket.resume();
    await stalled.closed;
  });

  it('is taken for dead when it answers no ping', async () => {
    const fixture = await start({}, { heartbeatMs: 50 });
    const quick = await RawClient.open(fixture.url, {});
    const dead = await RawClient.open(fixture.url, {});
    await subscribed(fixture, 2);
    dead.socket.pause();
    await subscribed(fixture, 1);
    await sleep(300);
    expect(fixture.hub.counters.subscribers).toBe(1);
    quick.socket.terminate();
    dead.socket.terminate();
  });
});

describe('a client that is cut', () => {
  it('comes back twenty times without a lost or doubled batch', async () => {
    const fixture = await start();
    const wire = await startWire(fixture.server.port);
    const readers = [undefined, 'tcp', 'udp'].map(
      (filter) => new Reader(wire.url, { retryMs: 5, ...(filter === undefined ? {} : { filter }) }),
    );
    await subscribed(fixture, 3);
    let number = 0;
    for (let cut = 0; cut < 20; cut++) {
      const batches = 5 + ((cut * 7) % 40);
      for (let i = 0; i < batches; i++) {
        number++;
        publish(fixture, number, number, 30_000);
        if (i % 3 === 0) await turn();
        // In the middle of what is on its way.
        if (i === (cut * 13) % batches) wire.cut();
      }
      await sleep((cut * 11) % 60);
    }
    publish(fixture, number + 1, number + 1);
    await vi.waitFor(() => {
      for (const reader of readers) expect(reader.numbers.at(-1)).toBe(number + 1);
    }, patience);
    for (const reader of readers) {
      expect(reader.numbers).toEqual(range(1, number + 1));
      expect(reader.gaps).toEqual([]);
      expect(reader.warnings.length).toBeGreaterThan(5);
      expect(new Set(reader.warnings)).toEqual(new Set(['lost-server']));
    }
    await Promise.all(readers.map((reader) => reader.stop()));
  });

  it('is told what the history no longer holds', async () => {
    const fixture = await start({ historyBytes: 0, limitBytes: 1 << 20 });
    const wire = await startWire(fixture.server.port);
    const reader = new Reader(wire.url);
    await subscribed(fixture, 1);
    publish(fixture, 1, 3);
    await vi.waitFor(() => expect(reader.numbers).toEqual([1, 2, 3]), patience);
    wire.pass(false);
    wire.cut();
    await subscribed(fixture, 0);
    publish(fixture, 4, 103, 100_000);
    wire.pass(true);
    await vi.waitFor(() => expect(reader.numbers.at(-1)).toBe(103), patience);
    const [gap] = reader.gaps;
    expect(gap?.reason).toBe('history');
    expect(reader.numbers.length + (gap?.batches ?? 0)).toBe(103);
    await reader.stop();
  });

  it('reads on from another run of the probe, and says so', async () => {
    const first = await start();
    const wire = await startWire(first.server.port);
    const reader = new Reader(wire.url);
    await subscribed(first, 1);
    publish(first, 1, 3);
    await vi.waitFor(() => expect(reader.numbers).toEqual([1, 2, 3]), patience);
    const second = await start({ welcome: () => welcomeOf('run-2') });
    publish(second, 1, 2);
    wire.target(second.server.port);
    wire.cut();
    await vi.waitFor(() => expect(reader.numbers).toEqual([1, 2, 3, 1, 2]), patience);
    expect(reader.gaps).toEqual([{ batches: 0, records: 0, packets: 0, reason: 'restart' }]);
    await reader.stop();
  });

  it('gives up if it is told to', async () => {
    const fixture = await start();
    const wire = await startWire(fixture.server.port);
    const reader = new Reader(wire.url, { reconnect: false });
    await subscribed(fixture, 1);
    wire.cut();
    await expect(reader.done).rejects.toMatchObject({ code: 'lost-server' });
  });
});

describe('a reader', () => {
  it('makes the server wait when its consumer is slow, and then gets everything', async () => {
    const fixture = await start({ limitBytes: 64 << 20 });
    const reader = new SlowReader(fixture.url, { queueBytes: 200_000 });
    await subscribed(fixture, 1);
    for (let number = 1; number <= 400; number++) {
      publish(fixture, number, number, 100_000);
      await turn();
    }
    await sleep(300);
    // Beyond its queue and the kernel's buffers nothing has left the server.
    expect(fixture.hub.counters.sentFrames).toBeLessThan(300);
    reader.go();
    await vi.waitFor(() => expect(reader.numbers).toEqual(range(1, 400)), patience);
    expect(reader.gaps).toEqual([]);
    await reader.stop();
  });

  it('gets what is held with `all`, and the last status', async () => {
    const fixture = await start();
    publish(fixture, 1, 5);
    fixture.hub.publish(statusFrame(77));
    const reader = new Reader(fixture.url, { all: true });
    await vi.waitFor(() => expect(reader.numbers).toEqual([1, 2, 3, 4, 5]), patience);
    await vi.waitFor(() => expect(reader.count('status')).toBe(1), patience);
    expect(reader.items[0]).toMatchObject({ kind: 'welcome', welcome: { probeId: 'sensor', lastBatch: 5 } });
    await reader.stop();
  });

  it('resumes a run that it has read before', async () => {
    const fixture = await start();
    publish(fixture, 1, 9);
    const reader = new Reader(fixture.url, { resume: { runId: 'run-1', after: 6 } });
    await vi.waitFor(() => expect(reader.numbers).toEqual([7, 8, 9]), patience);
    await reader.stop();
  });

  it('finds a hole that nobody announced', async () => {
    const fixture = await start();
    const reader = new Reader(fixture.url);
    await subscribed(fixture, 1);
    fixture.hub.publish(batchFrame(1));
    fixture.hub.publish(batchFrame(5));
    await vi.waitFor(() => expect(reader.numbers).toEqual([1, 5]), patience);
    expect(reader.gaps).toEqual([{ batches: 3, records: 0, packets: 0, reason: 'missing' }]);
    await reader.stop();
  });

  it('says what to try when nobody answers', async () => {
    const free = createTcp().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = free.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => free.close(resolve));
    await expect(new Reader(new URL(`ws://127.0.0.1:${port}/v1/stream`)).done).rejects.toMatchObject({
      code: 'no-server',
      message: `no server answers at 127.0.0.1:${port}: connection refused`,
      hint: expect.stringContaining('-P'),
    });
    await expect(new Reader(new URL('ws://nosuchhost.invalid:561/')).done).rejects.toMatchObject({
      code: 'no-server',
    });
  });

  it('says that something else answers', async () => {
    const { server } = await start();
    await expect(new Reader(new URL(`ws://127.0.0.1:${server.port}/other`)).done).rejects.toMatchObject({
      code: 'no-server',
      message: expect.stringContaining('HTTP 404'),
    });
  });

  it('is told what is wrong with its filter', async () => {
    const { url } = await start();
    await expect(new Reader(url, { filter: 'prt 80' }).done).rejects.toMatchObject({
      code: 'bad-filter',
      message: expect.stringContaining("'prt'"),
    });
  });

  it('refuses a server that speaks a later schema', async () => {
    const { url } = await start({ welcome: () => ({ ...welcomeOf(), schema: 2 }) });
    await expect(new Reader(url).done).rejects.toMatchObject({ code: 'wrong-schema' });
  });

  it('ends promptly at its signal, connected, waiting to retry, or before', async () => {
    const fixture = await start();
    const wire = await startWire(fixture.server.port);
    const connected = new Reader(fixture.url);
    const retrying = new Reader(wire.url, { retryMs: 10_000 });
    await subscribed(fixture, 2);
    wire.pass(false);
    wire.cut();
    await vi.waitFor(() => expect(retrying.warnings).toEqual(['lost-server']), patience);
    const began = performance.now();
    await Promise.all([connected.stop(), retrying.stop(), new Reader(fixture.url).stop()]);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

/** A slow consumer: takes nothing until `go`. */
class SlowReader extends Reader {
  readonly go: () => void;

  constructor(url: URL, options: { queueBytes: number }) {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    super(url, { ...options, gate });
    this.go = go;
  }
}

interface Wire {
  readonly url: URL;
  /** Breaks all connections that go through it. */
  cut(): void;
  /** Whether new connections get through. */
  pass(open: boolean): void;
  /** Where new connections go. */
  target(port: number): void;
  close(): Promise<void>;
}

/** A TCP relay that can be cut. */
async function startWire(serverPort: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let passing = true;
  let to = serverPort;
  const relay = createTcp((client) => {
    if (!passing) {
      client.destroy();
      return;
    }
    const server = connect(to, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const address = relay.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const wire: Wire = {
    url: new URL(`ws://127.0.0.1:${port}/v1/stream`),
    cut,
    pass: (open) => {
      passing = open;
    },
    target: (next) => {
      to = next;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
  fixtures.push(wire);
  return wire;
}
