// What stands behind -S, as a URL: host, host:port, [v6]:port, ws:// or wss://.

import { PanoptesError } from '../errors.js';

export const defaultPort = 561;
const streamPath = '/v1/stream';

/** The URL of a server's stream. Throws 'bad-option'. */
export function parseServer(text: string): URL {
  const trimmed = text.trim();
  const [, scheme = 'ws', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  const protocol = scheme.toLowerCase();
  if (protocol !== 'ws' && protocol !== 'wss') {
    throw badServer(text, `unknown scheme '${scheme}'`);
  }
  const [, authority = '', path = ''] = /^([^/?#]*)(.*)$/s.exec(rest) ?? [];
  const { host, port } = splitAuthority(authority, text);
  const url = `${protocol}://${host}:${port}${path === '' || path === '/' ? streamPath : path}`;
  if (!URL.canParse(url)) throw badServer(text, `'${host}' is no name of a host`);
  const parsed = new URL(url);
  if (parsed.hash !== '') throw badServer(text, 'a # has no meaning here');
  return parsed;
}

/** The server as a person would write it. */
export function printServer(url: URL): string {
  const port = url.port === '' ? (url.protocol === 'wss:' ? '443' : '80') : url.port;
  const path = url.pathname === streamPath ? '' : url.pathname;
  const secure = url.protocol === 'wss:' ? 'wss://' : '';
  return `${secure}${url.hostname}:${port}${path}`;
}

function splitAuthority(authority: string, text: string): { host: string; port: number } {
  // A bare IPv6 address has more colons than a host with its port.
  const bare = (authority.match(/:/g) ?? []).length > 1 && !authority.startsWith('[');
  const match = bare ? [authority, `[${authority}]`] : /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority);
  const host = match?.[1] ?? '';
  const portText = match?.[2];
  if (match === null || host === '' || host === '[]') throw badServer(text, 'there is no host in it');
  if (host.includes('@')) throw badServer(text, 'a user name or password has no place in it');
  if (portText === undefined) return { host, port: defaultPort };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65535) throw badServer(text, `'${portText}' is no port (1 to 65535)`);
  return { host, port };
}

function badServer(text: string, why: string): PanoptesError {
  return new PanoptesError(
    'bad-option',
    `cannot read the server '${text}': ${why}`,
    'write host, host:port, [ipv6]:port, ws://host:port or wss://host:port',
  );
}
