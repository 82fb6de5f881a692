// The server's port: what it refuses, what it says over HTTP, how it ends.

import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serve } from '../../src/server/server.js';
import { encodeFrame } from '../../src/wire/codec.js';
import { emptyStatus } from '../../src/wire/frames.js';
import { largeFrame, statusFrame, subscribeTo, welcomeOf } from '../unit/fanout/synthetic.js';
import {
  exchange,
  type Fixture,
  RawClient,
  Reader,
  range,
  startServer,
  upgradeRequest,
} from './stream-support.js';

const fixtures: Fixture[] = [];
const patience = { timeout: 20_000, interval: 5 };

async function start(...options: Parameters<typeof startServer>): Promise<Fixture> {
  const fixture = await startServer(...options);
  fixtures.push(fixture);
  return fixture;
}

afterEach(async () => {
  await Promise.all(fixtures.splice(0).map((fixture) => fixture.server.close()));
});

describe('a request to upgrade', () => {
  it.each([
    ['without the subprotocol', { 'Sec-WebSocket-Protocol': 'chat' }, '/v1/stream', 400, 'panoptes.v1'],
    ['with another path', {}, '/v2/stream', 404, '/v1/stream'],
    ['of a page of another host', { Origin: 'http://evil.example' }, '/v1/stream', 403, 'evil.example'],
  ])('%s is refused in words', async (_, headers: Record<string, string>, path, status, words) => {
    const { server } = await start();
    const answer = await exchange(server.port, upgradeRequest(headers, path));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(words);
  });

  it('of a page of this host is taken', async () => {
    const { server } = await start();
    const headers = { Host: 'sensor:561', Origin: 'http://sensor:561' };
    const socket = connect(server.port, '127.0.0.1', () => socket.write(upgradeRequest(headers)));
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1.1 101 /);
    expect(answer.toString('latin1')).toContain('Sec-WebSocket-Protocol: panoptes.v1');
    socket.destroy();
  });
});

describe('a client that does not keep to the protocol', () => {
  const subscribe = encodeFrame({ kind: 'subscribe', subscribe: subscribeTo() });
  const cases: [string, (client: RawClient) => void, number, string[]][] = [
    ['no protobuf', (c) => c.socket.send(Buffer.from([255, 255, 255])), 1007, ['welcome', 'error bad-frame']],
    ['an empty message', (c) => c.socket.send(Buffer.alloc(0)), 1007, ['welcome', 'error bad-frame']],
    ['another frame', (c) => c.socket.send(statusFrame(1)), 1007, ['welcome', 'error bad-frame']],
    ['text', (c) => c.socket.send('hello'), 1003, ['welcome', 'error bad-frame']],
    [
      'a second Subscribe',
      (c) => {
        c.socket.send(subscribe);
        c.socket.send(subscribe);
      },
      1007,
      ['welcome', 'error bad-frame'],
    ],
    ['a bad filter', (c) => c.subscribe({ filter: 'prt 80' }), 1008, ['welcome', 'error bad-filter']],
    ['too long a message', (c) => c.socket.send(Buffer.alloc(100_000)), 1009, ['welcome']],
    ['nothing', () => undefined, 1008, ['welcome', 'error bad-frame']],
  ];

  it.each(cases)('is closed with a reason: it sends %s', async (_, misbehave, code, story) => {
    const fixture = await start({}, { subscribeMs: 300 });
    const other = await RawClient.open(fixture.url, {});
    const client = await RawClient.open(fixture.url);
    misbehave(client);
    expect((await client.closed).code).toBe(code);
    expect(client.story).toEqual(story);
    fixture.hub.publish(largeFrame(1, 1000));
    await vi.waitFor(() => expect(other.numbers).toEqual([1]), patience);
    other.socket.terminate();
  });

  it('is closed when its WebSocket frames are malformed', async () => {
    const fixture = await start();
    const other = await RawClient.open(fixture.url, {});
    // Reserved bits and no mask.
    const answer = await exchange(fixture.server.port, `${upgradeRequest()}\xf2\x03abc`);
    expect(answer).toMatch(/^HTTP\/1.1 101 /);
    expect(answer.slice(-2)).toBe('\x03\xea'); // close code 1002
    await exchange(fixture.server.port, 'nonsense\r\n\r\n');
    fixture.hub.publish(largeFrame(1, 1000));
    await vi.waitFor(() => expect(other.numbers).toEqual([1]), patience);
    other.socket.terminate();
  });
});

describe('the port over HTTP', () => {
  async function get(fixture: Fixture, path: string, method = 'GET') {
    return await new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: fixture.server.port, path, method };
      request(options, (response) => {
        let body = '';
        response.on('data', (data) => {
          body += data;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body }),
        );
      })
        .on('error', reject)
        .end();
    });
  }

  it('says that it is well', async () => {
    const fixture = await start({}, { status: () => ({ ...emptyStatus, timeSeconds: 1_700_000_000 }) });
    const { status, body } = await get(fixture, '/healthz');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      ok: true,
      probe: 'sensor',
      lastStatus: '2023-11-14T22:13:20.000Z',
      clients: 0,
    });
  });

  it('tells its numbers', async () => {
    const fixture = await start();
    const reader = new Reader(fixture.url);
    await vi.waitFor(() => expect(fixture.hub.counters.subscribers).toBe(1), patience);
    const { type, body } = await get(fixture, '/metrics');
    expect(type).toContain('text/plain');
    expect(body).toContain('panoptes_server_clients 1\n');
    await reader.stop();
  });

  it('tells a person what this is and how to read it', async () => {
    const { body } = await get(await start(), '/');
    expect(body).toContain('panoptes ra -S');
    expect(body).toContain('synthetic batches');
  });

  it('refuses other paths, methods, and the stream without a WebSocket', async () => {
    const fixture = await start();
    expect((await get(fixture, '/etc/passwd')).status).toBe(404);
    expect((await get(fixture, '/metrics', 'POST')).status).toBe(405);
    expect((await get(fixture, '/v1/stream')).status).toBe(426);
    expect(await get(fixture, '/healthz', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});

describe('the port', () => {
  it('is at both loopbacks by default, and in use for a second server', async () => {
    const { hub } = await start();
    const server = await serve({ port: 0, hub, status: () => emptyStatus });
    await expect(serve({ port: server.port, hub, status: () => emptyStatus })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`(process ${process.pid})`),
    });
    const reader = new Reader(new URL(`ws://localhost:${server.port}/v1/stream`));
    await vi.waitFor(() => expect(reader.count('welcome')).toBe(1), patience);
    await reader.stop();
    await server.close();
  });
});

describe('closing', () => {
  it('sends what is left, says goodbye and ends all sockets', async () => {
    const fixture = await start();
    const clients = await Promise.all(range(1, 10).map(() => RawClient.open(fixture.url, {})));
    await vi.waitFor(() => expect(fixture.hub.counters.subscribers).toBe(10), patience);
    for (let number = 1; number <= 100; number++) fixture.hub.publish(largeFrame(number, 30_000));
    fixture.hub.publish(statusFrame(1, true));
    const began = performance.now();
    await fixture.server.close();
    expect(performance.now() - began).toBeLessThan(2000);
    for (const client of clients) {
      expect(await client.closed).toEqual({ code: 1001, reason: 'shutdown' });
      expect(client.numbers).toEqual(range(1, 100));
      expect(client.story.at(-1)).toBe('status');
    }
  });

  it('does not wait for a client that does not read, nor for an idle HTTP connection', async () => {
    const fixture = await start();
    const stalled = await RawClient.open(fixture.url, {});
    await vi.waitFor(() => expect(fixture.hub.counters.subscribers).toBe(1), patience);
    stalled.socket.pause();
    for (let number = 1; number <= 200; number++) fixture.hub.publish(largeFrame(number, 100_000));
    const idle = connect(fixture.server.port, '127.0.0.1');
    idle.on('error', () => undefined);
    await new Promise((resolve) => idle.once('connect', resolve));
    await sleep(50);
    const began = performance.now();
    await fixture.server.close();
    expect(performance.now() - began).toBeLessThan(2000);
    stalled.socket.terminate();
    idle.destroy();
  });

  it('ends readers whose source has ended for good, and lets the others come back', async () => {
    const ended = await start();
    const reader = new Reader(ended.url);
    await vi.waitFor(() => expect(ended.hub.counters.subscribers).toBe(1), patience);
    ended.hub.publish(largeFrame(1, 100));
    await ended.server.close('end');
    await reader.done;
    expect(reader.numbers).toEqual([1]);
    expect(reader.warnings).toEqual([]);

    const stopped = await start();
    const patient = new Reader(stopped.url);
    await vi.waitFor(() => expect(stopped.hub.counters.subscribers).toBe(1), patience);
    const { port } = stopped.server;
    await stopped.server.close();
    await vi.waitFor(() => expect(patient.warnings).toEqual(['lost-server']), patience);
    const again = await startServer({ welcome: () => welcomeOf('run-2') }, { port });
    fixtures.push(again);
    again.hub.publish(largeFrame(1, 100));
    await vi.waitFor(() => expect(patient.numbers).toEqual([1]), patience);
    await patient.stop();
  });
});
