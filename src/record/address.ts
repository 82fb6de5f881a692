// Addresses between bytes and text: IPv4, IPv6 (RFC 5952), MAC, CIDR. Neighbours: the field table prints, the filter parses.

/** Prints 4 bytes as IPv4, 16 as IPv6, 6 as MAC; anything else as ''. */
export function printAddress(bytes: Uint8Array): string {
  switch (bytes.length) {
    case 4:
      return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
    case 16:
      return printIpv6(bytes);
    case 6:
      return printMac(bytes);
    default:
      return '';
  }
}

export function printMac(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 6; i++) {
    text += (i === 0 ? '' : ':') + (bytes[i] as number).toString(16).padStart(2, '0');
  }
  return text;
}

// RFC 5952: no leading zeros, the longest run of two or more zero groups (the first of equals) as '::', lower case,
// and IPv4-mapped addresses with a dotted tail (section 5).
function printIpv6(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${printAddress(bytes.subarray(12))}`;
  }
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
    start += length;
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (bestStart < 0) return hex(groups);
  return `${hex(groups.slice(0, bestStart))}::${hex(groups.slice(bestStart + bestLength))}`;
}

/** 4, 16 or 6 bytes of an IPv4, IPv6 or MAC address; nothing if the text is none of them. */
export function parseAddress(text: string): Uint8Array | undefined {
  return parseIpv4(text) ?? parseMac(text) ?? parseIpv6(text);
}

export function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const value = parseOctet(parts[i] as string);
    if (value === undefined) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

// Leading zeros are refused: some read them as octal.
function parseOctet(text: string): number | undefined {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 255 ? value : undefined;
}

export function parseMac(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(/[:-]/), (part) => Number.parseInt(part, 16));
}

export function parseIpv6(text: string): Uint8Array | undefined {
  const tail = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  if (tail) {
    const ipv4 = parseIpv4(tail[2] as string);
    if (!ipv4) return undefined;
    const [a, b, c, d] = ipv4 as unknown as [number, number, number, number];
    return parseIpv6(`${tail[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] as string);
  const rest = halves.length === 2 ? parseGroups(halves[1] as string) : [];
  if (!head || !rest) return undefined;
  const known = head.length + rest.length;
  if (halves.length === 2 ? known > 7 : known !== 8) return undefined;
  const groups = [...head, ...new Array<number>(8 - known).fill(0), ...rest];
  const bytes = new Uint8Array(16);
  groups.forEach((group, i) => {
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 255;
  });
  return bytes;
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups;
}

/** An address and how many of its leading bits count. */
export interface Network {
  /** 4 or 16 bytes; bits behind the prefix are 0. */
  readonly address: Uint8Array;
  readonly prefix: number;
}

/** `10.0.0.0/8`, `2001:db8::/32`, a bare address (all bits), or as argus a short IPv4 net (`10`, `192.168`). */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const short = /^\d{1,3}(\.\d{1,3}){0,2}$/.test(host) ? host.split('.').length : 0;
  const address = short ? parseIpv4(host + '.0'.repeat(4 - short)) : (parseIpv4(host) ?? parseIpv6(host));
  if (!address) return undefined;
  const bits = address.length * 8;
  let prefix = short ? short * 8 : bits;
  if (slash >= 0) {
    const digits = text.slice(slash + 1);
    if (!/^\d{1,3}$/.test(digits)) return undefined;
    prefix = Number(digits);
    if (prefix > bits) return undefined;
  }
  return { address: maskAddress(address, prefix), prefix };
}

export function printNetwork(network: Network): string {
  return `${printAddress(network.address)}/${network.prefix}`;
}

/** A copy with the bits behind the prefix set to 0. */
export function maskAddress(address: Uint8Array, prefix: number): Uint8Array {
  const masked = new Uint8Array(address);
  for (let i = 0; i < masked.length; i++) {
    const kept = Math.min(8, Math.max(0, prefix - 8 * i));
    masked[i] = (masked[i] as number) & (0xff00 >> kept) & 0xff;
  }
  return masked;
}

/** Whether an address of the same family lies in the network; other families never do. */
export function networkHas(network: Network, address: Uint8Array): boolean {
  if (address.length !== network.address.length) return false;
  const whole = network.prefix >> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== network.address[i]) return false;
  const rest = network.prefix & 7;
  if (rest === 0) return true;
  const mask = (0xff00 >> rest) & 0xff;
  return ((address[whole] as number) & mask) === network.address[whole];
}
