// Addresses between bytes and text.
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  networkHas,
  parseAddress,
  parseNetwork,
  printAddress,
  printNetwork,
} from '../../../src/record/address.js';
import { seededRandom } from '../support/random.js';

const canonical = (text: string): string => printAddress(parseAddress(text) as Uint8Array);

describe('addresses', () => {
  it.each([
    ['2001:0db8:0000:0000:0000:0000:0002:0001', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], // a single zero group is not shortened
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'], // the longest run
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], // the first of equals
    ['2001:DB8::AbC', '2001:db8::abc'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['192.0.2.1', '192.0.2.1'],
    ['2:0:0:0:0:Fe', '02:00:00:00:00:fe'],
    ['02-00-5e-10-00-01', '02:00:5e:10:00:01'],
  ])('prints %s as RFC 5952 has it', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '::g',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '1.2.3.4::',
    '::1.2.3',
    '1:2:3:4:5:6:7:8::',
  ])('takes %j for no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('reads back all that it prints', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from({ length: [4, 6, 16][round % 3] as number }, () =>
        random() < 0.5 ? 0 : Math.floor(random() * 256),
      );
      const text = printAddress(bytes);
      expect(parseAddress(text)).toEqual(bytes);
      if (bytes.length !== 6) expect(isIP(text)).toBe(bytes.length === 4 ? 4 : 6);
    }
  });
});

describe('networks', () => {
  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10', '10.0.0.0/8'],
    ['192.168', '192.168.0.0/16'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['192.0.2.129/25', '192.0.2.128/25'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('reads %s as %s', (text, expected) => {
    const network = parseNetwork(text);
    expect(network && printNetwork(network)).toBe(expected);
  });

  it.each(['10/33', '10/', '10/x', '300', '::/129', 'x', ''])('takes %j for no network', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  it.each([
    ['192.0.2.128/25', '192.0.2.200', true],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/31', '2001:db9::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
  ])('says whether %s has %s', (network, address, expected) => {
    const [net, bytes] = [parseNetwork(network), parseAddress(address)];
    expect(net && bytes && networkHas(net, bytes)).toBe(expected);
  });
});
