// argus's state strings of ICMP by type and code. Neighbour: fields/state.ts.

const byType: ReadonlyMap<number, string> = new Map([
  [0, 'ECR'],
  [4, 'SRC'],
  [5, 'RED'],
  [8, 'ECO'],
  [9, 'RTA'],
  [10, 'RTS'],
  [11, 'TXD'],
  [12, 'PAR'],
  [13, 'TST'],
  [14, 'TSR'],
  [15, 'IRQ'],
  [16, 'IRR'],
  [17, 'MAS'],
  [18, 'MSR'],
]);

// Codes of type 3, destination unreachable (RFC 792, RFC 1122, RFC 1812).
const unreachable = [
  'URN',
  'URH',
  'URO',
  'URP',
  'URF',
  'URS',
  'URNU',
  'URHU',
  'URISO',
  'URNPRO',
  'URHPRO',
  'URNTOS',
  'URHTOS',
  'URFIL',
  'URPRE',
  'URCUT',
];

const byType6: ReadonlyMap<number, string> = new Map([
  [2, 'PTB'],
  [128, 'ECO'],
  [129, 'ECR'],
  [130, 'MRQ'],
  [131, 'MHR'],
  [133, 'NRS'],
  [134, 'NRA'],
  [135, 'NNS'],
  [136, 'NNA'],
  [137, 'RED'],
  [143, 'MHR'],
]);

// Codes of ICMPv6 type 1, 3 and 4 (RFC 4443).
const byCode6: ReadonlyMap<number, readonly string[]> = new Map([
  [1, ['URNR', 'URAD', 'URBS', 'URAR', 'URP', 'URSF', 'URRR']],
  [3, ['TXT', 'TXR']],
  [4, ['PPH', 'PPNH', 'PPO']],
]);

/** State of an ICMP flow; a type that argus has no letters for is `T` and its number. */
export function icmpState(type: number, code: number): string {
  if (type === 3) return unreachable[code] ?? 'UR';
  return byType.get(type) ?? `T${type}`;
}

/** State of an ICMPv6 flow. */
export function icmp6State(type: number, code: number): string {
  return byCode6.get(type)?.[code] ?? byType6.get(type) ?? `T${type}`;
}
