import { expect, it } from 'vitest';
import { PanoptesError } from '../../../src/errors.js';
import { compileFilter } from '../../../src/filter/compile.js';
import { parseFilter } from '../../../src/filter/parser.js';
import { filterText } from '../../../src/filter/print.js';
import { makeBatch } from '../support/batches.js';
import { randomRow, seededRandom } from '../support/random.js';

const pieces = [
  ...[
    'and',
    'or',
    'not',
    '&&',
    '||',
    '!',
    '(',
    ')',
    'src',
    'dst',
    'src or dst',
    'total',
    'has',
    'mask',
    'in',
    'ether',
  ],
  ...[
    'tcp',
    'udp',
    'icmp',
    'ip',
    'ipv6',
    'arp',
    'vlan',
    'host',
    'net',
    'port',
    'proto',
    'man',
    'far',
    'multicast',
  ],
  ...[
    'syn',
    'fin',
    'est',
    'synack',
    'echo',
    'start',
    'frag',
    'retrans',
    'bytes',
    'spkts',
    'dur',
    'jit',
    'state',
    'stime',
  ],
  ...[
    'gt',
    'lt',
    '>=',
    '!=',
    '=',
    'eq',
    '80',
    '80-90',
    '-5',
    '1e400',
    '0x',
    '10ms',
    '5M',
    '5%',
    '99999',
    'domain',
    'http',
  ],
  ...[
    '10.0.0.1',
    '10',
    '10.1',
    '10.0.0.0/8',
    '::1',
    '2001:db8::/32',
    '1.2.3.4.5',
    ':::',
    '00:11:22:aa:bb:cc',
    '@list',
    '/',
    '-',
    '\u00e9',
  ],
  ...['__proto__', 'constructor', 'toString', '"', '\0', ';'],
];

it('any text is a filter or an error with a reason, never anything else', () => {
  const random = seededRandom(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const batch = makeBatch(Array.from({ length: 20 }, (_, i) => randomRow(random, i)));
  let accepted = 0;
  for (let i = 0; i < 4_000; i++) {
    const text = Array.from({ length: 1 + below(9) }, () => pieces[below(pieces.length)]).join(
      random() < 0.9 ? ' ' : '',
    );
    try {
      const filter = parseFilter(text);
      accepted++;
      expect(parseFilter(filterText(filter)), text).toEqual(filter);
      const selected = compileFilter(filter, batch);
      for (let row = 0; row < batch.rows; row++) selected(row);
    } catch (error) {
      if (!(error instanceof PanoptesError)) throw new Error(`'${text}': ${String(error)}`, { cause: error });
      expect(error.code, text).toBe('bad-filter');
      expect(error.message, text).toMatch(/ at \d+|has at most/);
    }
  }
  expect(accepted).toBeGreaterThan(100);
});
