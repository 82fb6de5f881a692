import { InvalidArgumentError } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { parsePayload } from '../../../../src/cli/shared/payload-option.js';
import { checkProbeOptions } from '../../../../src/probe/options.js';
import { seededRandom } from '../../support/random.js';

describe('what -U says', () => {
  it('is one size for everything', () => {
    expect(parsePayload('128')).toEqual({ payloadBytes: 128, payloadRules: [] });
    expect(parsePayload('0')).toEqual({ payloadBytes: 0, payloadRules: [] });
  });

  it('is a size for ports, ranges, services and protocols', () => {
    expect(parsePayload('64,dns=4096,80=256,tcp/443=0,udp/5060-5061=1024,icmp=32,sctp=7')).toEqual({
      payloadBytes: 64,
      payloadRules: [
        { ports: [53, 53], bytes: 4096 },
        { ports: [80, 80], bytes: 256 },
        { protocols: [6], ports: [443, 443], bytes: 0 },
        { protocols: [17], ports: [5060, 5061], bytes: 1024 },
        { protocols: [1, 58], bytes: 32 },
        { protocols: [132], bytes: 7 },
      ],
    });
  });

  it('leaves the size for everything to the probe where only rules are given', () => {
    expect(parsePayload('80=256')).toEqual({ payloadRules: [{ ports: [80, 80], bytes: 256 }] });
  });

  it('masks what a rule keeps, and everything', () => {
    expect(parsePayload('64,110=128:mask').payloadRules).toEqual([
      { ports: [110, 110], bytes: 128, mask: true },
    ]);
    expect(parsePayload('64:mask,dns=200')).toEqual({
      payloadBytes: 64,
      payloadRules: [
        { ports: [53, 53], bytes: 200 },
        { bytes: 64, mask: true },
      ],
    });
  });

  it('may have blanks and capitals', () => {
    expect(parsePayload(' 64 , TCP / Https = 9 : MASK')).toEqual({
      payloadBytes: 64,
      payloadRules: [{ protocols: [6], ports: [443, 443], bytes: 9, mask: true }],
    });
  });

  it('knows services whose name has a dash', () => {
    expect(parsePayload('tcp/http-alt=1').payloadRules).toEqual([
      { protocols: [6], ports: [8080, 8080], bytes: 1 },
    ]);
  });
});

test.each([
  ['', 'a size is missing at 1'],
  ['64,,80=1', 'a size is missing at 4'],
  ['64,80=', 'a size is missing at 7'],
  ['64,=5', 'a port or protocol is missing at 4'],
  ['tcp/=5', 'a port is missing at 5'],
  ['4097', "'4097' at 1 is not a whole number from 0 to 4096"],
  ['80=-1', "'-1' at 4 is not a whole number from 0 to 4096"],
  ['80=1.5', "'1.5' at 4 is not"],
  ['80=0x10', "'0x10' at 4 is not"],
  ['64,dns', "'dns' at 4 is not a whole number from 0 to 4096, did you mean 'dns=...'?"],
  ['64,htttp=5', "'htttp' at 4 is no port or protocol, did you mean 'http'?"],
  ['tpc/80=5', "'tpc' at 1 is no protocol, did you mean 'tcp'?"],
  ['tcp/htps=5', "'htps' at 5 is no port, did you mean 'https'?"],
  ['icmp/8=5', "'icmp' at 1 has no ports"],
  ['0=5', "'0' at 1 is not from 1 to 65535"],
  ['80-65536=5', "'80-65536' at 1 is not from 1 to 65535"],
  ['90-80=5', "'90-80' at 1 ends before it begins, did you mean '80-90'?"],
  ['80=5:msk', "'msk' at 6 is unknown, did you mean 'mask'?"],
  ['80=5:mask:mask', "'mask' at 11 is unknown"],
  ['64,128', "'128' at 4 is a second size for everything else, after '64' at 1"],
  ['tcp=9,tcp/443=0', "'tcp/443' at 7 never counts: 'tcp' at 1 comes before it and covers it"],
  ['80-90=1,udp/85=2', "'udp/85' at 9 never counts: '80-90' at 1"],
])('refuses %o with the place', (text, message) => {
  expect(() => parsePayload(text)).toThrow(InvalidArgumentError);
  expect(() => parsePayload(text)).toThrow(message);
});

test('takes rules that cover a part of each other, the narrow one first', () => {
  expect(parsePayload('tcp/443=0,tcp=9,80-90=1,85-95=2,udp=3').payloadRules).toHaveLength(5);
});

test('takes 32 rules and no more', () => {
  const rules = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}=1`).join();
  expect(parsePayload(`64:mask,${rules(32)}`).payloadRules).toHaveLength(33);
  expect(() => parsePayload(rules(33))).toThrow("'33' at");
});

test('gives what the probe takes, or the usage error, for whatever text', () => {
  const random = seededRandom(31);
  const below = (limit: number) => Math.floor(random() * limit);
  const words = [
    ...[
      '64',
      '0',
      '4096',
      '4097',
      '80',
      '65535',
      '65536',
      'dns',
      'tcp',
      'udp',
      'icmp',
      'mask',
      'l2tp',
      'http-alt',
    ],
    ...[
      '=',
      '=',
      '=',
      ',',
      ',',
      ',',
      '/',
      '-',
      ':',
      ' ',
      '',
      '.',
      '\0',
      '\u00e9',
      '\ud83d\ude00',
      '1e3',
      '__proto__',
    ],
  ];
  let good = 0;
  for (let round = 0; round < 4_000; round++) {
    const text = Array.from({ length: below(12) }, () => words[below(words.length)]).join('');
    try {
      const options = parsePayload(text);
      checkProbeOptions({ sources: [{ kind: 'file', path: '-' }], ...options });
      good++;
    } catch (error) {
      expect(error, JSON.stringify(text)).toBeInstanceOf(InvalidArgumentError);
    }
  }
  expect(good).toBeGreaterThan(20);
});
