// Addresses, networks, ports and protocols in filter text -> nodes. Called by parser.ts, which knows from the
// words before an id what it has to be.
import { PanoptesError } from '../errors.js';
import { parseIpv4, parseIpv6, parseMac } from '../record/address.js';
import { protocolNumber, servicePort } from '../record/names.js';
import { suggest } from '../record/suggest.js';
import { knownTunnels, tunnelType } from '../record/tunnel-names.js';
import type { Filter, OtherAddress, Sides } from './ast.js';
import type { Token } from './lexer.js';
import { etherTypes, type IdType } from './words.js';

/** The node of id `token` of type `type`; `mask` is the word behind `mask`, for networks. */
export function idNode(type: IdType, sides: Sides, token: Token, mask?: Token): Filter {
  switch (type) {
    case 'host':
      return { kind: 'host', sides, address: hostAddress(token) };
    case 'ether-host':
      return { kind: 'ether-host', sides, address: macAddress(token) };
    case 'net':
      return mask ? maskedNet(sides, token, mask) : cidrNet(sides, token);
    case 'port':
      return { kind: 'port', sides, ...portRange(token) };
    case 'proto':
      return { kind: 'protocol', number: ipProtocol(token) };
    case 'ethertype':
      return { kind: 'ethertype', number: etherType(token) };
  }
}

/** The address or network behind a word for an address of neither end. */
export function otherAddressNode(column: OtherAddress, token: Token): Filter {
  const type = looksLikeNet(token.text) ? 'net' : 'host';
  const node = idNode(type, 'either', token);
  const address = 'address' in node ? node.address : [];
  const mask = node.kind === 'net' ? node.mask : address.map(() => 255);
  return { kind: 'address', column, address, mask };
}

/** What stands around the flow: a tunnel by name, VLAN tags or MPLS labels. */
export function encapsNode(token: Token): Filter {
  const name = token.text.toLowerCase();
  if (name === 'vlan') return { kind: 'class', word: name };
  if (name === 'mpls') return { kind: 'state', word: name };
  const type = tunnelType(name);
  if (type !== undefined) return { kind: 'tunnel', type };
  const near = suggest(name, knownTunnels);
  const hint =
    near === undefined ? `one of: vlan, mpls, ${knownTunnels.join(', ')}` : `did you mean '${near}'?`;
  throw wrongId(token, 'is no encapsulation', hint);
}

/** Could `word` be an id of this type? Decides whether a bare word is an id or an unknown word. */
export function looksLikeId(type: IdType, word: string): boolean {
  if (/^\d|[:./]/.test(word)) return true;
  if (type === 'port') return servicePort(word) !== undefined;
  return type === 'proto' && protocolNumber(word) !== undefined;
}

/** A prefix like `10.0.0.0/8` says that it is a network without the word `net`. */
export function looksLikeNet(word: string): boolean {
  return /^[\d.]+\/|^[\da-f:.]*:[\da-f:.]*\//i.test(word);
}

function hostAddress(token: Token): number[] {
  const bytes = parseIpv4(token.text) ?? parseIpv6(token.text);
  if (bytes) return [...bytes];
  const { text } = token;
  if (parseMac(text)) throw wrongId(token, 'is a MAC address', `write 'ether host ${text}'`);
  if (text.includes('/')) throw wrongId(token, 'is a network, not a host', `write 'net ${text}'`);
  if (/^\d+(\.\d+){0,2}$/.test(text)) {
    throw wrongId(
      token,
      'is not a whole address',
      `write 'net ${text}' for a network, 'port ${text}' for a port`,
    );
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) throw wrongId(token, 'is no IPv4 address', 'each part is 0 to 255');
  if (text.includes(':')) throw wrongId(token, 'is no IPv6 address');
  if (text.startsWith('@')) throw wrongId(token, 'names a list', 'lists of addresses are not read yet');
  throw wrongId(token, 'is a name, not an address', `filters look no names up: 'getent hosts ${text}' does`);
}

function macAddress(token: Token): number[] {
  const bytes = parseMac(token.text);
  if (!bytes) throw wrongId(token, 'is no MAC address', 'a MAC address looks like 00:11:22:aa:bb:cc');
  return [...bytes];
}

function cidrNet(sides: Sides, token: Token): Filter {
  const [text = '', length, ...rest] = token.text.split('/');
  const part = partialIpv4(text);
  const bytes = part?.bytes ?? parseIpv6(text);
  if (!bytes || rest.length > 0) throw notNet(token);
  const bits =
    length === undefined ? (part?.bits ?? 128) : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  const most = bytes.length * 8;
  if (!(bits <= most)) throw wrongId(token, 'is no network', `the prefix length is 0 to ${most}`);
  return net(sides, bytes, prefixMask(bytes.length, bits));
}

function maskedNet(sides: Sides, token: Token, maskToken: Token): Filter {
  const address = partialIpv4(token.text)?.bytes;
  if (!address) throw wrongId(token, 'is no IPv4 network', "only IPv4 networks take a 'mask'; write '/bits'");
  const mask = parseIpv4(maskToken.text);
  if (!mask) throw wrongId(maskToken, 'is no mask', 'a mask looks like 255.255.0.0');
  return net(sides, address, mask);
}

function net(sides: Sides, bytes: ArrayLike<number>, mask: ArrayLike<number>): Filter {
  const address = Array.from(bytes, (byte, i) => byte & (mask[i] ?? 0));
  return { kind: 'net', sides, address, mask: Array.from(mask) };
}

export function prefixMask(length: number, bits: number): number[] {
  return Array.from({ length }, (_, i) => (0xff00 >> Math.min(8, Math.max(0, bits - 8 * i))) & 0xff);
}

/** argus's short networks: `10` is 10/8, `10.1` is 10.1/16; whole addresses are /32. */
function partialIpv4(text: string): { bytes: number[]; bits: number } | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){0,3}$/.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return { bytes: [...parts, 0, 0, 0].slice(0, 4), bits: parts.length * 8 };
}

function notNet(token: Token): PanoptesError {
  if (token.text.startsWith('@'))
    return wrongId(token, 'names a list', 'lists of addresses are not read yet');
  return wrongId(token, 'is no network', 'a network looks like 10.0.0.0/8, 10.1 or 2001:db8::/32');
}

function portRange(token: Token): { low: number; high: number } {
  const service = servicePort(token.text);
  if (service !== undefined) return { low: service, high: service };
  const match = /^(\d+)(?:-(\d+))?$/.exec(token.text);
  if (!match) {
    if (parseIpv4(token.text) ?? parseIpv6(token.text)) {
      throw wrongId(token, 'is no port', `write 'host ${token.text}'`);
    }
    throw wrongId(token, 'is no port', 'a port is a number, a range like 80-90 or a well-known service name');
  }
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  if (high > 65535) throw wrongId(token, 'is no port', 'ports are 0 to 65535');
  if (low > high) throw wrongId(token, 'is an empty range', `write '${high}-${low}'`);
  return { low, high };
}

function ipProtocol(token: Token): number {
  const { text } = token;
  const number = /^\d+$/.test(text) ? Number(text) : protocolNumber(text.toLowerCase());
  if (number === undefined)
    throw wrongId(token, 'is no IP protocol', 'a protocol is a number or an IANA name');
  if (number > 255) throw wrongId(token, 'is no IP protocol', 'IP protocols are 0 to 255');
  return number;
}

function etherType(token: Token): number {
  const named = etherTypes.get(token.text.toLowerCase());
  if (named !== undefined) return named;
  const number = /^(0x[\da-f]+|\d+)$/i.test(token.text) ? Number(token.text) : Number.NaN;
  if (number <= 0xffff) return number;
  throw wrongId(
    token,
    'is no ethernet type',
    `one of ${[...etherTypes.keys()].join(', ')}, or a number up to 0xffff`,
  );
}

function wrongId(token: Token, problem: string, hint?: string): PanoptesError {
  return new PanoptesError('bad-filter', `'${token.text}' at ${token.at} ${problem}`, hint);
}
