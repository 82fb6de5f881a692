// Suggestions are near, or none.
import { describe, expect, it } from 'vitest';
import {
  knownServices,
  protocolName,
  protocolNumber,
  serviceName,
  servicePort,
} from '../../../src/record/names.js';
import { suggest } from '../../../src/record/suggest.js';

describe('suggest', () => {
  const words = ['port', 'proto', 'spkts', 'dpkts', 'saddr', 'host'];
  it.each([
    ['prt', 'port'],
    ['potr', 'port'],
    ['PORT', 'port'],
    ['spkt', 'spkts'],
    ['sadr', 'saddr'],
    ['hsot', 'host'],
  ])('of %s is %s', (word, expected) => {
    expect(suggest(word, words)).toBe(expected);
  });

  it.each(['xyzzy', '', 'q', 'something'])('has nothing near %j', (word) => {
    expect(suggest(word, words)).toBeUndefined();
  });
});

describe('names', () => {
  it('go both ways', () => {
    for (const name of ['tcp', 'udp', 'icmp', 'ipv6-icmp', 'esp']) {
      expect(protocolName(protocolNumber(name) as number)).toBe(name);
    }
    expect(protocolNumber('icmp6')).toBe(58);
    expect(protocolNumber('tpc')).toBeUndefined();
    expect(knownServices.every((name) => servicePort(name) !== undefined)).toBe(true);
  });

  it('belong to a service and its protocol', () => {
    expect([serviceName(53, 17), serviceName(80, 6), serviceName(80, 17), serviceName(80, 132)]).toEqual([
      'domain',
      'http',
      undefined,
      undefined,
    ]);
  });
});
