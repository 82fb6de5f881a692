// One WebSocket client of the server: Welcome, its Subscribe, then frames from the hub until either side
// ends. Whatever it does wrong costs it this connection. Between the socket and the hub.

import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { PanoptesError } from '../errors.js';
import type { Hub } from '../fanout/hub.js';
import { type Outlet, Subscriber } from '../fanout/subscriber.js';
import { decodeFrame, encodeFrame } from '../wire/codec.js';

export interface ConnectionLimits {
  /** A client that has not subscribed after so long is closed. */
  readonly subscribeMs: number;
  /** Time between WebSocket pings; a client that leaves two unanswered is closed. */
  readonly heartbeatMs: number;
}

/** WebSocket close codes (RFC 6455 section 7.4.1). */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  unsupportedData: 1003,
  invalidData: 1007,
  policy: 1008,
  tryAgainLater: 1013,
} as const;

/** Says what is wrong, closes, and leaves the rest to the socket. */
export function closeWithError(socket: WebSocket, error: PanoptesError, closeCode: number): void {
  const { code, message, hint = '' } = error;
  socket.send(encodeFrame({ kind: 'error', error: { code, message, hint } }));
  socket.close(closeCode, code);
}

export class Connection {
  readonly #socket: WebSocket;
  readonly #hub: Hub;
  readonly #subscriber: Subscriber;
  readonly #heartbeat: NodeJS.Timeout;
  #subscribeTimer: NodeJS.Timeout | undefined;
  #unanswered = 0;
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;

  constructor(socket: WebSocket, tcp: Socket, hub: Hub, limits: ConnectionLimits, onBadFrame: () => void) {
    this.#socket = socket;
    this.#hub = hub;
    this.#subscriber = new Subscriber(outletOf(socket));
    tcp.setNoDelay(true);
    tcp.on('drain', () => hub.drained(this.#subscriber));
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs);
    this.#subscribeTimer = setTimeout(() => {
      const seconds = limits.subscribeMs / 1000;
      this.#refuse(new PanoptesError('bad-frame', `no Subscribe within ${seconds} s`), closeCodes.policy);
    }, limits.subscribeMs);

    socket.on('message', (data, isBinary) => {
      this.#unanswered = 0;
      try {
        this.#receive(data as Buffer, isBinary);
      } catch (error) {
        onBadFrame();
        const known = error instanceof PanoptesError ? error : new PanoptesError('internal', String(error));
        this.#refuse(known, isBinary ? closeCodeOf(known) : closeCodes.unsupportedData);
      }
    });
    socket.on('pong', () => {
      this.#unanswered = 0;
    });
    // A frame that breaks RFC 6455: ws has already sent the close code for it.
    socket.on('error', onBadFrame);
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#stop();
        resolve();
      });
    });
    socket.send(encodeFrame({ kind: 'welcome', welcome: hub.welcome() }));
  }

  get isIdle(): boolean {
    return this.#hub.isIdle(this.#subscriber);
  }

  close(closeCode: number, reason: string): void {
    this.#stop();
    this.#socket.close(closeCode, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!isBinary)
      throw new PanoptesError('bad-frame', 'a text message: frames are binary protobuf messages');
    const frame = decodeFrame(data);
    if (frame.kind !== 'subscribe') {
      throw new PanoptesError('bad-frame', `a client sends Subscribe, not a ${frame.kind} frame`);
    }
    if (this.#subscribeTimer === undefined) {
      throw new PanoptesError('bad-frame', 'a second Subscribe: open another connection for it');
    }
    clearTimeout(this.#subscribeTimer);
    this.#subscribeTimer = undefined;
    this.#hub.attach(this.#subscriber, frame.subscribe);
  }

  #beat(): void {
    // Its answer may stand behind data that it reads slowly; whether it reads at all is the hub's question.
    if (this.#socket.bufferedAmount > 0) return;
    if (this.#unanswered >= 2) {
      this.#socket.terminate();
      return;
    }
    this.#unanswered++;
    this.#socket.ping();
  }

  #refuse(error: PanoptesError, closeCode: number): void {
    this.#stop();
    closeWithError(this.#socket, error, closeCode);
  }

  #stop(): void {
    clearTimeout(this.#subscribeTimer);
    clearInterval(this.#heartbeat);
    this.#hub.detach(this.#subscriber);
  }
}

function closeCodeOf(error: PanoptesError): number {
  return error.code === 'bad-frame' ? closeCodes.invalidData : closeCodes.policy;
}

function outletOf(socket: WebSocket): Outlet {
  return {
    get pendingBytes() {
      return socket.bufferedAmount;
    },
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(frame);
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
