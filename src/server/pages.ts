// What the port says to a plain HTTP client: what this is, whether it is well, its numbers. Beside the
// WebSocket stream of server.ts.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../fanout/hub.js';
import type { ProbeStatus } from '../wire/frames.js';
import type { Metrics } from './metrics.js';

export const streamPath = '/v1/stream';
export const subprotocol = 'panoptes.v1';

export interface PageSources {
  readonly hub: Hub;
  readonly status: () => ProbeStatus;
  readonly metrics: () => Promise<Metrics>;
  readonly clients: () => number;
  readonly startedMs: number;
}

export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  from: PageSources,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return send(response, 405, 'text/plain', 'only GET and HEAD\n');
  }
  switch (path) {
    case '/':
      return send(response, 200, 'text/plain', welcomeText(from, request.headers.host ?? 'localhost'));
    case '/healthz':
      return send(response, 200, 'application/json', `${JSON.stringify(health(from))}\n`);
    case '/metrics': {
      const metrics = await from.metrics();
      return send(response, 200, metrics.contentType, await metrics.text());
    }
    case streamPath:
      response.setHeader('upgrade', 'websocket');
      return send(response, 426, 'text/plain', `this is a WebSocket, subprotocol ${subprotocol}\n`);
    default:
      return send(response, 404, 'text/plain', `nothing at this path: / /healthz /metrics ${streamPath}\n`);
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type.includes('charset') ? type : `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function health({ hub, status, clients, startedMs }: PageSources): object {
  const { probeId, source, runId, version, firstBatch, lastBatch } = hub.welcome();
  const { timeSeconds, timeNanos, last } = status();
  // Time 0: the probe has not seen a packet or a tick yet.
  const lastStatus = timeSeconds === 0 ? null : new Date(timeSeconds * 1000 + timeNanos / 1e6).toISOString();
  const uptime = Math.round((performance.now() - startedMs) / 100) / 10;
  return {
    ok: true,
    probe: probeId,
    source,
    version,
    run: runId,
    uptime,
    lastStatus,
    ended: last,
    clients: clients(),
    firstBatch,
    lastBatch,
  };
}

function welcomeText({ hub, status, clients }: PageSources, host: string): string {
  const { probeId, source, version } = hub.welcome();
  const { packets, records, flows } = status();
  return `panoptes ${version}: flow records of probe ${probeId}, measured on ${source}

${packets} packets, ${records} records, ${flows} flows in memory, ${clients()} clients

read the records    panoptes ra -S ${host} -n
                    panoptes ra -S ${host} -n - tcp and port 443
the same by program WebSocket ws://${host}${streamPath}, subprotocol ${subprotocol}, protobuf messages
is it well          http://${host}/healthz
its numbers         http://${host}/metrics (Prometheus)
`;
}
