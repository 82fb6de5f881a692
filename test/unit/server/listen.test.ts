import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listenAddresses, listenAll } from '../../../src/server/listen.js';

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

async function listening(host: string, port = 0) {
  const all = await listenAll(host, port, () => createServer());
  opened.push(...all.servers);
  return all;
}

describe('listenAddresses', () => {
  it('takes localhost for both loopbacks and * for everywhere', () => {
    expect(listenAddresses('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(listenAddresses('*')).toEqual(['::']);
    expect(listenAddresses('')).toEqual(['::']);
  });

  it('takes a list, with IPv6 addresses in brackets or without, and each address once', () => {
    expect(listenAddresses('10.0.0.1, [fe80::1] ,::1,localhost')).toEqual([
      '10.0.0.1',
      'fe80::1',
      '::1',
      '127.0.0.1',
    ]);
  });
});

describe('listenAll', () => {
  it('has one port at all its addresses', async () => {
    const { port, servers } = await listening('localhost');
    expect(servers.length).toBeGreaterThanOrEqual(1);
    for (const server of servers) expect(server.address()).toMatchObject({ port });
  });

  it('says who has the port and what to do', async () => {
    const taken = createTcp();
    opened.push(taken);
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(listening('127.0.0.1', port)).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(new RegExp(`^port ${port} is in use by .+`)),
      hint: expect.stringContaining('-P'),
    });
  });

  it('closes the addresses that it opened when another fails', async () => {
    const free = await listening('127.0.0.1');
    for (const server of free.servers) await new Promise((resolve) => server.close(resolve));
    await expect(listening('127.0.0.1,192.0.2.1', free.port)).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringContaining('192.0.2.1'),
    });
    await listening('127.0.0.1', free.port);
  });
});
