// The port of a probe: WebSocket stream, health, metrics. Opens and closes sockets; what is sent to whom is
// the hub's affair.

import { createServer, type Server as HttpServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { PanoptesError } from '../errors.js';
import type { Hub } from '../fanout/hub.js';
import type { ProbeStatus } from '../wire/frames.js';
import { Connection, type ConnectionLimits, closeCodes, closeWithError } from './connection.js';
import { listenAll } from './listen.js';
import type { Metrics } from './metrics.js';
import { answer, streamPath, subprotocol } from './pages.js';

export interface ServeOptions extends Partial<ConnectionLimits> {
  /** 0: any that is free. */
  readonly port: number;
  /** Addresses to listen on, comma-separated; `localhost` (default) is both loopbacks, `*` everywhere. */
  readonly host?: string;
  readonly hub: Hub;
  /** The probe's numbers of this moment, for /metrics and /healthz. */
  readonly status: () => ProbeStatus;
  /** WebSocket clients at once. Default 1000. */
  readonly maxClients?: number;
  /** Bytes of the largest message taken from a client. Default 64 KiB. */
  readonly maxMessageBytes?: number;
}

/** Why the server closes: its source has ended for good, or the process stops and may be back. */
export type CloseReason = 'end' | 'shutdown';

export interface Server {
  readonly port: number;
  /** Sends what is left (for at most 1 s), says goodbye and ends all sockets; at most 2 s. */
  close(reason?: CloseReason): Promise<void>;
  /** WebSocket clients connected now. */
  readonly clients: number;
}

const flushMs = 1000;
const goodbyeMs = 500;
const metricsMs = 2000;

/** Listens. Throws 'port-in-use', 'no-permission', 'bad-option'. */
export async function serve(options: ServeOptions): Promise<Server> {
  const server = new StreamServer(options);
  await server.listen(options.host ?? 'localhost', options.port);
  return server;
}

class StreamServer implements Server {
  readonly #hub: Hub;
  readonly #limits: ConnectionLimits;
  readonly #maxClients: number;
  readonly #webSockets: WebSocketServer;
  #metrics: Promise<Metrics> | undefined;
  #loading: NodeJS.Timeout | undefined;
  readonly #status: () => ProbeStatus;
  readonly #startedMs = performance.now();
  readonly #connections = new Set<Connection>();
  readonly #refused: Record<string, number> = {};
  #servers: HttpServer[] = [];
  #port = 0;
  #accepted = 0;
  #badFrames = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ServeOptions) {
    this.#hub = options.hub;
    this.#status = options.status;
    this.#maxClients = options.maxClients ?? 1000;
    this.#limits = {
      subscribeMs: options.subscribeMs ?? 5000,
      heartbeatMs: options.heartbeatMs ?? 15_000,
    };
    const webSocketOptions = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // costs 45 to 110 times the sending
      maxPayload: options.maxMessageBytes ?? 64 << 10,
      handleProtocols: () => subprotocol,
      closeTimeout: 2000, // a client that does not answer a close is cut
    };
    this.#webSockets = new WebSocketServer(webSocketOptions);
  }

  /** With their library, which costs as much as half of a start, when they are asked for, or all else is done. */
  #loadMetrics(): Promise<Metrics> {
    this.#metrics ??= import('./metrics.js').then(
      ({ Metrics }) =>
        new Metrics({
          status: this.#status,
          hub: () => this.#hub.counters,
          server: () => ({
            clients: this.clients,
            connections: this.#accepted,
            refused: this.#refused,
            badFrames: this.#badFrames,
          }),
        }),
    );
    return this.#metrics;
  }

  get port(): number {
    return this.#port;
  }

  get clients(): number {
    return this.#connections.size;
  }

  async listen(host: string, port: number): Promise<void> {
    const listening = await listenAll(host, port, () => this.#createHttp());
    this.#servers = listening.servers;
    this.#port = listening.port;
    // Not as late as the first question: the files of a running probe may be replaced.
    this.#loading = setTimeout(() => void this.#loadMetrics().catch(() => undefined), metricsMs).unref();
  }

  close(reason: CloseReason = 'shutdown'): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: CloseReason): Promise<void> {
    clearTimeout(this.#loading);
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of this.#servers) server.closeIdleConnections();
    const connections = [...this.#connections];
    const deadlineMs = performance.now() + flushMs;
    while (connections.some((connection) => !connection.isIdle) && performance.now() < deadlineMs)
      await sleep(5);

    const code = reason === 'end' ? closeCodes.normal : closeCodes.goingAway;
    for (const connection of connections) connection.close(code, reason);
    const allGone = Promise.all(connections.map((connection) => connection.closed));
    const patience = new AbortController();
    await Promise.race([
      allGone,
      sleep(goodbyeMs, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();

    for (const connection of this.#connections) connection.terminate();
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
  }

  #createHttp(): HttpServer {
    const server = createServer((request, response) => {
      answer(request, response, {
        hub: this.#hub,
        status: this.#status,
        metrics: () => this.#loadMetrics(),
        clients: () => this.clients,
        startedMs: this.#startedMs,
      }).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(`${String(error)}\n`);
      });
    });
    server.headersTimeout = 10_000;
    server.requestTimeout = 20_000;
    server.maxConnections = this.#maxClients + 100; // the others are for health and metrics
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    return server;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const problem = this.#problemWith(request);
    if (problem !== undefined) {
      this.#countRefusal(problem.reason);
      refuseUpgrade(socket, problem.status, problem.text);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (this.#connections.size >= this.#maxClients) {
        this.#countRefusal('server-full');
        webSocket.on('error', () => webSocket.terminate());
        const message = `the server has as many clients as it takes (${this.#maxClients})`;
        const error = new PanoptesError(
          'server-full',
          message,
          'try again later, or end clients that nobody needs',
        );
        closeWithError(webSocket, error, closeCodes.tryAgainLater);
        return;
      }
      this.#accepted++;
      const onBadFrame = () => {
        this.#badFrames++;
      };
      const connection = new Connection(webSocket, socket as Socket, this.#hub, this.#limits, onBadFrame);
      this.#connections.add(connection);
      void connection.closed.then(() => this.#connections.delete(connection));
    });
  }

  #problemWith({
    url = '',
    headers,
  }: IncomingMessage): { status: number; reason: string; text: string } | undefined {
    if (this.#closing) return { status: 503, reason: 'shutdown', text: 'shutting down' };
    if (url.split('?', 1)[0] !== streamPath) {
      return { status: 404, reason: 'path', text: `the stream is at ${streamPath}` };
    }
    const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!protocols.includes(subprotocol)) {
      return {
        status: 400,
        reason: 'subprotocol',
        text: `the stream needs the WebSocket subprotocol ${subprotocol}`,
      };
    }
    // Browsers let any page open a WebSocket to any host, so a page of another host is refused here.
    if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host) {
      return { status: 403, reason: 'origin', text: `pages of ${headers.origin} may not read this stream` };
    }
    return undefined;
  }

  #countRefusal(reason: string): void {
    this.#refused[reason] = (this.#refused[reason] ?? 0) + 1;
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
