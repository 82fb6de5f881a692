// One WebSocket to a server: frames queue up to a bound, then the server is made to wait. Neighbours: the
// socket, and server-source.ts that takes frames out.

import { WebSocket } from 'ws';
import { PanoptesError } from '../errors.js';
import { encodeFrame } from '../wire/codec.js';
import { maxFrameBytes } from '../wire/file-format.js';
import type { Subscribe } from '../wire/frames.js';
import { printServer } from './server-address.js';

const subprotocol = 'panoptes.v1';
const connectMs = 10_000;
// The server pings every 15 s.
const silenceMs = 45_000;
const goodbyeMs = 200;

export interface ConnectionEnd {
  /** WebSocket close code; 1006: the connection broke. */
  readonly code: number;
  readonly reason: string;
}

export class ServerConnection {
  readonly #socket: WebSocket;
  readonly #queueBytes: number;
  readonly #watch: NodeJS.Timeout;
  #frames: Uint8Array[] = [];
  #head = 0;
  #queued = 0;
  #closed = false;
  #end: ConnectionEnd | undefined;
  #heardMs = performance.now();
  #wake = () => {};

  /** Connects. Throws 'no-server'. */
  static async open(url: URL, queueBytes: number, signal: AbortSignal): Promise<ServerConnection> {
    const socket = new WebSocket(url, [subprotocol], {
      perMessageDeflate: false,
      handshakeTimeout: connectMs,
      maxPayload: maxFrameBytes,
    });
    const connection = new ServerConnection(socket, queueBytes);
    const abort = () => socket.terminate();
    signal.addEventListener('abort', abort, { once: true });
    socket.on('close', () => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      // Later errors are followed by a close, which says all there is to say.
      socket.on('error', (error) => reject(noServer(url, error)));
    });
    return connection;
  }

  private constructor(socket: WebSocket, queueBytes: number) {
    this.#socket = socket;
    this.#queueBytes = queueBytes;
    this.#watch = setInterval(() => this.#endIfSilent(), silenceMs / 3);
    socket.on('message', (data) => this.#push(data as Buffer));
    socket.on('ping', () => {
      this.#heardMs = performance.now();
    });
    socket.on('close', (code, reason) => {
      clearInterval(this.#watch);
      this.#end = { code, reason: reason.toString() };
      this.#wake();
    });
  }

  subscribe(subscribe: Subscribe): void {
    this.#socket.send(encodeFrame({ kind: 'subscribe', subscribe }));
  }

  /** The next frame, or how the connection ended once all frames before that were taken. */
  async take(): Promise<Uint8Array | ConnectionEnd> {
    while (this.#head === this.#frames.length) {
      if (this.#end !== undefined) return this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const frame = this.#frames[this.#head++] as Uint8Array;
    this.#queued -= frame.byteLength;
    if (this.#head === this.#frames.length) {
      this.#frames = [];
      this.#head = 0;
    }
    if (this.#socket.isPaused && this.#queued <= this.#queueBytes / 2) {
      this.#heardMs = performance.now();
      this.#socket.resume();
    }
    return frame;
  }

  /** Says goodbye; nothing is read any more. */
  close(): void {
    clearInterval(this.#watch);
    this.#closed = true;
    this.#frames = [];
    this.#head = 0;
    if (this.#end !== undefined) return;
    this.#socket.close(1000);
    // A paused socket would not read the answer, and what is still to come before it may be long.
    const impatience = setTimeout(() => this.#socket.terminate(), this.#socket.isPaused ? 0 : goodbyeMs);
    this.#socket.on('close', () => clearTimeout(impatience));
  }

  #push(frame: Buffer): void {
    if (this.#closed) return;
    this.#heardMs = performance.now();
    this.#frames.push(frame);
    this.#queued += frame.byteLength;
    if (this.#queued >= this.#queueBytes && !this.#socket.isPaused) this.#socket.pause();
    this.#wake();
  }

  #endIfSilent(): void {
    if (!this.#socket.isPaused && performance.now() - this.#heardMs > silenceMs) this.#socket.terminate();
  }
}

function noServer(url: URL, error: Error): PanoptesError {
  const server = printServer(url);
  const { code } = error as NodeJS.ErrnoException;
  const status = /Unexpected server response: (\d+)/.exec(error.message)?.[1];
  if (status !== undefined) {
    const what = `${server} answers, but not as a panoptes server (HTTP ${status})`;
    return new PanoptesError('no-server', what, 'check host, port and path of -S', error);
  }
  switch (code) {
    case 'ECONNREFUSED':
      return new PanoptesError(
        'no-server',
        `no server answers at ${server}: connection refused`,
        url.port === '561'
          ? `is a probe running there, and open to others (-B)? Without root it takes port 5561: -S ${url.hostname}:5561`
          : 'is a probe running there, on this port (-P) and open to others (-B)?',
        error,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new PanoptesError(
        'no-server',
        `there is no host '${url.hostname}'`,
        'check the name after -S',
        error,
      );
    default:
      return new PanoptesError(
        'no-server',
        `no server answers at ${server}: ${error.message || code || 'connection failed'}`,
        'check that it can be reached from here, and that no firewall is between',
        error,
      );
  }
}
