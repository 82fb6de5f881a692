// Opens the listening sockets of the server: several addresses, one port. Errors say who has the port and
// what to do. Below server.ts.

import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PanoptesError } from '../errors.js';
import { portOwner } from './port-owner.js';

/** Addresses for a host option: a comma list; `localhost` is both loopbacks, `*` or nothing is everywhere. */
export function listenAddresses(host: string): string[] {
  const addresses = host.split(',').flatMap((part) => {
    const name = part.trim().replace(/^\[(.*)\]$/, '$1');
    if (name === 'localhost') return ['127.0.0.1', '::1'];
    return name === '' || name === '*' ? ['::'] : [name];
  });
  return [...new Set(addresses)];
}

/**
 * Listens at all addresses, on one port (0: any that is free at all of them). `create` makes the HTTP server of
 * one address. Throws 'port-in-use', 'no-permission', 'bad-option'; then nothing listens.
 */
export async function listenAll(
  host: string,
  port: number,
  create: () => HttpServer,
): Promise<{ port: number; servers: HttpServer[] }> {
  const addresses = listenAddresses(host);
  const tries = port === 0 ? 10 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenOnce(addresses, port, create);
    } catch (error) {
      // The second address may have the port taken that the first was given.
      if (attempt < tries && error instanceof PanoptesError && error.code === 'port-in-use') continue;
      throw error;
    }
  }
}

async function listenOnce(addresses: readonly string[], wanted: number, create: () => HttpServer) {
  const servers: HttpServer[] = [];
  let port = wanted;
  try {
    for (const address of addresses) {
      const server = create();
      try {
        await listen(server, address, port);
      } catch (error) {
        // A machine without IPv6 has no ::1, one with IPv6 disabled no ::.
        if (isMissingFamily(error) && address === '::1' && servers.length > 0) continue;
        if (isMissingFamily(error) && address === '::') await listen(server, '0.0.0.0', port);
        else throw error;
      }
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    }
    return { port, servers };
  } catch (error) {
    for (const server of servers) server.close();
    throw await listenError(error, port);
  }
}

function listen(server: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function errnoOf(error: unknown): NodeJS.ErrnoException & { address?: string } {
  return error as NodeJS.ErrnoException & { address?: string };
}

function isMissingFamily(error: unknown): boolean {
  const { code } = errnoOf(error);
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

async function listenError(error: unknown, port: number): Promise<unknown> {
  const { code, address = '' } = errnoOf(error);
  switch (code) {
    case 'EADDRINUSE': {
      const owner = await portOwner(port);
      const who = owner === undefined ? 'another process' : `${owner.name} (process ${owner.pid})`;
      return new PanoptesError(
        'port-in-use',
        `port ${port} is in use by ${who}`,
        'stop it, or choose another port with -P, for example -P 5561',
        error,
      );
    }
    case 'EACCES':
    case 'EPERM':
      return new PanoptesError(
        'no-permission',
        `no right to listen on port ${port}`,
        `ports below 1024 need root or CAP_NET_BIND_SERVICE: choose a port above with -P, for example -P 5561`,
        error,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new PanoptesError(
        'bad-option',
        `this machine has no address ${address || '(unknown name)'} to listen on`,
        'give an address of this machine with -B, or 0.0.0.0 or :: for all of them',
        error,
      );
    default:
      return error;
  }
}
