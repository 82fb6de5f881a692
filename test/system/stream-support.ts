// What the system tests of the stream share: a hub behind a real server on an ephemeral port, a reader that
// collects, and a raw client that can misbehave.

import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { type OpenOptions, openSource, type StreamItem } from '../../src/client/stream.js';
import { Hub } from '../../src/fanout/hub.js';
import type { HubOptions } from '../../src/fanout/hub-options.js';
import { type ServeOptions, type Server, serve } from '../../src/server/server.js';
import { decodeFrame, encodeFrame } from '../../src/wire/codec.js';
import type { Frame, Subscribe } from '../../src/wire/frames.js';
import { emptyStatus } from '../../src/wire/frames.js';
import { peekFrame } from '../../src/wire/peek.js';
import { subscribeTo, welcomeOf } from '../unit/fanout/synthetic.js';

export interface Fixture {
  readonly hub: Hub;
  readonly server: Server;
  readonly url: URL;
}

export async function startServer(
  hubOptions: Partial<HubOptions> = {},
  serveOptions: Partial<ServeOptions> = {},
): Promise<Fixture> {
  const hub = new Hub({ welcome: () => welcomeOf(), ...hubOptions });
  const server = await serve({ port: 0, host: '127.0.0.1', hub, status: () => emptyStatus, ...serveOptions });
  return { hub, server, url: new URL(`ws://127.0.0.1:${server.port}/v1/stream`) };
}

/** Collects what a source gives until it ends or is stopped. */
export class Reader {
  readonly items: StreamItem[] = [];
  readonly #abort = new AbortController();
  /** Settles when the source has ended. */
  readonly done: Promise<void>;

  /** With a gate it takes nothing after the first batch before that is open. */
  constructor(url: URL, options: Partial<OpenOptions> & { readonly gate?: Promise<void> } = {}) {
    const { gate, ...rest } = options;
    this.done = this.#read(url, rest, gate);
    this.done.catch(() => undefined);
  }

  async #read(url: URL, options: Partial<OpenOptions>, gate?: Promise<void>): Promise<void> {
    const source = openSource(
      { kind: 'server', url },
      { retryMs: 10, ...options, signal: this.#abort.signal },
    );
    for await (const item of source) {
      this.items.push(item);
      if (item.kind === 'batch') await gate;
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.done;
  }

  count(kind: StreamItem['kind']): number {
    return this.items.filter((item) => item.kind === kind).length;
  }

  get numbers(): number[] {
    return this.items.flatMap((item) => (item.kind === 'batch' ? [item.batch.number] : []));
  }

  get gaps() {
    return this.items.flatMap((item) => (item.kind === 'gap' ? [item.gap] : []));
  }

  get warnings(): string[] {
    return this.items.flatMap((item) => (item.kind === 'warning' ? [item.code] : []));
  }
}

/** A WebSocket client without manners of its own. */
export class RawClient {
  readonly socket: WebSocket;
  /** Numbers of the batches that came, which are not kept. */
  readonly numbers: number[] = [];
  /** All other frames. */
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  static async open(url: URL, wish?: Partial<Subscribe>): Promise<RawClient> {
    const client = new RawClient(url);
    await new Promise((resolve, reject) => {
      client.socket.once('open', resolve);
      client.socket.once('error', reject);
    });
    if (wish !== undefined) client.subscribe(wish);
    return client;
  }

  private constructor(url: URL) {
    this.socket = new WebSocket(url, ['panoptes.v1'], { perMessageDeflate: false });
    this.socket.on('message', (data) => {
      const { kind, number } = peekFrame(data as Buffer);
      if (kind === 'batch' && number !== undefined) this.numbers.push(number);
      else this.frames.push(decodeFrame(data as Buffer));
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  subscribe(wish: Partial<Subscribe> = {}): void {
    this.socket.send(encodeFrame({ kind: 'subscribe', subscribe: subscribeTo(wish) }));
  }

  /** Batches that it was told it lost. */
  get lost(): number {
    return this.frames.reduce((sum, frame) => sum + (frame.kind === 'gap' ? frame.gap.batches : 0), 0);
  }

  get story(): string[] {
    return this.frames.map((frame) => (frame.kind === 'error' ? `error ${frame.error.code}` : frame.kind));
  }
}

/** Speaks plain TCP to the server; resolves with all that it answered once it has closed. */
export function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

export function upgradeRequest(headers: Record<string, string> = {}, path = '/v1/stream'): string {
  const all = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Protocol': 'panoptes.v1',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
