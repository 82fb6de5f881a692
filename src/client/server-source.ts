// A server as a stream of items: subscribes, checks that no batch is missing, and when the server is lost goes
// back and takes up where it was. Between the socket and the commands.

import { setTimeout as sleep } from 'node:timers/promises';
import { PanoptesError } from '../errors.js';
import { decodeFrame } from '../wire/codec.js';
import { type Frame, type StreamError, schemaVersion, type Welcome } from '../wire/frames.js';
import { peerError } from './peer-error.js';
import { Position } from './position.js';
import { printServer } from './server-address.js';
import { type ConnectionEnd, ServerConnection } from './server-connection.js';
import type { OpenOptions, StreamItem } from './stream-types.js';

const defaultQueueBytes = 16 << 20;
const firstRetryMs = 500;
const longestRetryMs = 15_000;
const welcomeMs = 10_000;

export async function* serverItems(
  url: URL,
  options: OpenOptions,
): AsyncGenerator<StreamItem, void, undefined> {
  const { signal } = options;
  const position = new Position(options.resume);
  let met = false; // the server has been there once
  let failures = 0; // attempts since it was last heard of
  while (!signal.aborted) {
    let end: ConnectionEnd | undefined;
    try {
      const session = new Session(url, options, position);
      for await (const item of session.items()) {
        if (item.kind === 'welcome') met = true;
        else failures = 0;
        yield item;
      }
      end = session.end;
    } catch (error) {
      if (signal.aborted) return;
      if (!met || !mayPass(error)) throw error;
    }
    if (signal.aborted || (end !== undefined && end.reason === 'end')) return;
    if (end !== undefined && !met) throw closedAtOnce(url, end);
    if (end !== undefined) {
      const lost = lostServer(url, end);
      if (options.reconnect === false) {
        if (end.reason === 'shutdown') return;
        throw lost;
      }
      yield {
        kind: 'warning',
        code: lost.code,
        message: lost.message,
        hint: 'trying again until it is back',
      };
    }
    await pause(retryDelay(options.retryMs ?? firstRetryMs, failures++), signal);
  }
}

/** One connection, from Welcome to its end. */
class Session {
  readonly #url: URL;
  readonly #options: OpenOptions;
  readonly #position: Position;
  /** How it ended, once `items` is through; undefined: by the signal. */
  end: ConnectionEnd | undefined;

  constructor(url: URL, options: OpenOptions, position: Position) {
    this.#url = url;
    this.#options = options;
    this.#position = position;
  }

  async *items(): AsyncGenerator<StreamItem, void, undefined> {
    const { signal, queueBytes = defaultQueueBytes } = this.#options;
    const connection = await ServerConnection.open(this.#url, queueBytes, signal);
    try {
      const welcome = await this.#readWelcome(connection);
      if (welcome === undefined) return;
      yield { kind: 'welcome', welcome };
      const restart = this.#position.meet(welcome, this.#options.all === true);
      if (restart !== undefined) yield { kind: 'gap', gap: restart };
      const { filter = '', payload = true } = this.#options;
      connection.subscribe({ filter, wantPayload: payload, ...this.#position.request() });
      while (!signal.aborted) {
        const taken = await connection.take();
        if (!(taken instanceof Uint8Array)) {
          this.end = taken;
          return;
        }
        yield* this.#itemsOf(decodeFrame(taken), taken);
      }
    } finally {
      connection.close();
    }
  }

  async #readWelcome(connection: ServerConnection): Promise<Welcome | undefined> {
    const timeout = setTimeout(() => connection.close(), welcomeMs);
    const taken = await connection.take();
    clearTimeout(timeout);
    if (!(taken instanceof Uint8Array)) {
      this.end = taken;
      return undefined;
    }
    const frame = decodeFrame(taken);
    if (frame.kind === 'error') throw refusedBy(this.#url, frame.error);
    if (frame.kind !== 'welcome') {
      throw new PanoptesError('bad-frame', `${printServer(this.#url)} began with a ${frame.kind} frame`);
    }
    if (frame.welcome.schema !== schemaVersion) {
      throw new PanoptesError(
        'wrong-schema',
        `${printServer(this.#url)} speaks schema ${frame.welcome.schema}, this version reads ${schemaVersion}`,
        `it runs version ${frame.welcome.version}: bring both to the same version`,
      );
    }
    return frame.welcome;
  }

  *#itemsOf(frame: Frame, bytes: Uint8Array): Generator<StreamItem, void, undefined> {
    switch (frame.kind) {
      case 'batch': {
        const { again, missing } = this.#position.advance(frame.batch.number);
        if (again) return;
        if (missing > 0) {
          yield { kind: 'gap', gap: { batches: missing, records: 0, packets: 0, reason: 'missing' } };
        }
        yield { kind: 'batch', batch: frame.batch, bytes };
        return;
      }
      case 'status':
        yield { kind: 'status', status: frame.status, bytes };
        return;
      case 'gap':
        this.#position.announce(frame.gap);
        yield { kind: 'gap', gap: frame.gap };
        return;
      case 'error':
        throw refusedBy(this.#url, frame.error);
      default:
        throw new PanoptesError('bad-frame', `${printServer(this.#url)} sent a ${frame.kind} frame`);
    }
  }
}

/** Delay before the attempt that follows `failures` failed ones. The jitter keeps clients of one server apart. */
export function retryDelay(firstMs: number, failures: number, random = Math.random()): number {
  const mostMs = Math.min(longestRetryMs, firstMs * 2 ** Math.min(failures, 30));
  return mostMs * (0.5 + random / 2);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

// While the server is away, so are these.
function mayPass(error: unknown): boolean {
  return error instanceof PanoptesError && (error.code === 'no-server' || error.code === 'server-full');
}

function refusedBy(url: URL, { code, message, hint }: StreamError): PanoptesError {
  const text = code === 'bad-filter' ? message : `${printServer(url)}: ${message}`;
  return peerError(code, text, hint, 'lost-server');
}

function closedAtOnce(url: URL, end: ConnectionEnd): PanoptesError {
  const message = `${printServer(url)} closed the connection at once (${describe(end)})`;
  return new PanoptesError('no-server', message, 'is it a panoptes server, and of this version?');
}

function lostServer(url: URL, end: ConnectionEnd): PanoptesError {
  return new PanoptesError('lost-server', `lost ${printServer(url)} (${describe(end)})`);
}

function describe({ code, reason }: ConnectionEnd): string {
  if (reason !== '') return reason;
  return code === 1006 ? 'connection broken' : `close code ${code}`;
}
