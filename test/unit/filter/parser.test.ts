import { describe, expect, it } from 'vitest';
import { PanoptesError } from '../../../src/errors.js';
import type { Filter } from '../../../src/filter/ast.js';
import { limits, parseFilter } from '../../../src/filter/parser.js';

const tcp: Filter = { kind: 'protocol', number: 6 };
const udp: Filter = { kind: 'protocol', number: 17 };
const port = (low: number, sides: 'src' | 'dst' | 'either' | 'both' = 'either', high = low): Filter => ({
  kind: 'port',
  sides,
  low,
  high,
});
const host = (last: number, sides: 'src' | 'dst' | 'either' | 'both' = 'either'): Filter => ({
  kind: 'host',
  sides,
  address: [10, 0, 0, last],
});
const both = (left: Filter, right: Filter): Filter => ({ kind: 'and', left, right });
const either = (left: Filter, right: Filter): Filter => ({ kind: 'or', left, right });

function problem(text: string): { message: string; hint: string | undefined } {
  try {
    parseFilter(text);
  } catch (error) {
    if (!(error instanceof PanoptesError)) throw error;
    expect(error.code).toBe('bad-filter');
    return { message: error.message, hint: error.hint };
  }
  throw new Error(`'${text}' was accepted`);
}

describe('the grammar', () => {
  it('selects everything by an empty filter', () => {
    expect(parseFilter('')).toEqual({ kind: 'all' });
    expect(parseFilter('  ')).toEqual({ kind: 'all' });
  });

  it('gives `and` and `or` the same precedence, left to right', () => {
    expect(parseFilter('tcp or udp and port 53')).toEqual(both(either(tcp, udp), port(53)));
    expect(parseFilter('tcp and port 53 or udp')).toEqual(either(both(tcp, port(53)), udp));
  });

  it('binds `not` tighter', () => {
    expect(parseFilter('not tcp and udp')).toEqual(both({ kind: 'not', of: tcp }, udp));
    expect(parseFilter('!tcp && !udp')).toEqual(both({ kind: 'not', of: tcp }, { kind: 'not', of: udp }));
    expect(parseFilter('not not tcp')).toEqual({ kind: 'not', of: { kind: 'not', of: tcp } });
  });

  it('groups by parentheses', () => {
    expect(parseFilter('tcp and (udp or port 53)')).toEqual(both(tcp, either(udp, port(53))));
    expect(parseFilter('((tcp))')).toEqual(tcp);
  });

  it('takes words in any case', () => {
    expect(parseFilter('TCP AND Port 80')).toEqual(both(tcp, port(80)));
  });
});

describe('qualifiers', () => {
  it('reads a bare address as a host', () => {
    expect(parseFilter('10.0.0.1')).toEqual(host(1));
    expect(parseFilter('src 10.0.0.1')).toEqual(host(1, 'src'));
  });

  it('reads a bare prefix as a network', () => {
    expect(parseFilter('dst 10.0.0.0/8')).toEqual({
      kind: 'net',
      sides: 'dst',
      address: [10, 0, 0, 0],
      mask: [255, 0, 0, 0],
    });
  });

  it('knows the four ways to name the sides', () => {
    expect(parseFilter('src port 1')).toEqual(port(1, 'src'));
    expect(parseFilter('dst port 1')).toEqual(port(1, 'dst'));
    expect(parseFilter('src or dst port 1')).toEqual(port(1));
    expect(parseFilter('dst and src port 1')).toEqual(port(1, 'both'));
  });

  it('takes a protocol before a type as one more condition', () => {
    expect(parseFilter('tcp port 80')).toEqual(both(tcp, port(80)));
    expect(parseFilter('udp dst port 53')).toEqual(both(udp, port(53, 'dst')));
    expect(parseFilter('arp host 10.0.0.1')).toEqual(both({ kind: 'class', word: 'arp' }, host(1)));
  });

  it('lets a bare id inherit all qualifiers of the term before', () => {
    expect(parseFilter('port 80 or 443')).toEqual(either(port(80), port(443)));
    expect(parseFilter('host 10.0.0.1 or 10.0.0.2')).toEqual(either(host(1), host(2)));
    expect(parseFilter('tcp dst port 80 or 443')).toEqual(
      either(both(tcp, port(80, 'dst')), both(tcp, port(443, 'dst'))),
    );
    expect(parseFilter('not port 80 and (http or 8080)')).toEqual(
      both({ kind: 'not', of: port(80) }, either(port(80), port(8080))),
    );
    expect(parseFilter('proto 6 or 17')).toEqual(either(tcp, udp));
  });

  it('lets an id with a side inherit what it leaves out', () => {
    expect(parseFilter('tcp src port 80 or dst 443')).toEqual(
      either(both(tcp, port(80, 'src')), both(tcp, port(443, 'dst'))),
    );
    expect(parseFilter('src host 10.0.0.1 and dst 10.0.0.2')).toEqual(both(host(1, 'src'), host(2, 'dst')));
  });

  it('lets a term with its own type inherit nothing', () => {
    expect(parseFilter('tcp src port 80 or port 53')).toEqual(either(both(tcp, port(80, 'src')), port(53)));
  });

  it('keeps the qualifiers over terms that have none', () => {
    expect(parseFilter('port 80 or udp or 53')).toEqual(either(either(port(80), udp), port(53)));
  });
});

describe('ids', () => {
  it('reads short networks as argus does', () => {
    const net = (address: number[], mask: number[]): Filter => ({
      kind: 'net',
      sides: 'either',
      address,
      mask,
    });
    expect(parseFilter('net 10')).toEqual(net([10, 0, 0, 0], [255, 0, 0, 0]));
    expect(parseFilter('net 10.1')).toEqual(net([10, 1, 0, 0], [255, 255, 0, 0]));
    expect(parseFilter('net 10.1.2.3')).toEqual(net([10, 1, 2, 3], [255, 255, 255, 255]));
    expect(parseFilter('net 10.1.2.3/12')).toEqual(net([10, 0, 0, 0], [255, 240, 0, 0]));
    expect(parseFilter('net 10.1.0.0 mask 255.255.0.0')).toEqual(net([10, 1, 0, 0], [255, 255, 0, 0]));
    expect(parseFilter('net 0.0.0.0/0')).toEqual(net([0, 0, 0, 0], [0, 0, 0, 0]));
  });

  it('reads IPv6 hosts and networks', () => {
    const bytes = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect(parseFilter('2001:db8::1')).toEqual({ kind: 'host', sides: 'either', address: bytes });
    expect(parseFilter('src net 2001:db8::/32')).toEqual({
      kind: 'net',
      sides: 'src',
      address: [...bytes.slice(0, 15), 0],
      mask: [255, 255, 255, 255, ...Array(12).fill(0)],
    });
  });

  it('reads ports by number, name and range', () => {
    expect(parseFilter('port domain')).toEqual(port(53));
    expect(parseFilter('dst port 80-90')).toEqual(port(80, 'dst', 90));
    expect(parseFilter('portrange 0-65535')).toEqual(port(0, 'either', 65535));
  });

  it('reads protocols by word, name and number', () => {
    expect(parseFilter('ip proto 58')).toEqual(
      both({ kind: 'class', word: 'ip' }, { kind: 'protocol', number: 58 }),
    );
    expect(parseFilter('proto udp')).toEqual(udp);
    expect(parseFilter('icmp')).toEqual({ kind: 'class', word: 'icmp' });
    expect(parseFilter('icmp6')).toEqual({ kind: 'protocol', number: 58 });
  });

  it('reads what follows `ether`', () => {
    const address = [0, 0x11, 0x22, 0xaa, 0xbb, 0xcc];
    expect(parseFilter('ether host 00:11:22:aa:bb:cc')).toEqual({
      kind: 'ether-host',
      sides: 'either',
      address,
    });
    expect(parseFilter('ether src 00:11:22:aa:bb:cc')).toEqual({ kind: 'ether-host', sides: 'src', address });
    expect(parseFilter('ether dst host 00:11:22:aa:bb:cc')).toEqual({
      kind: 'ether-host',
      sides: 'dst',
      address,
    });
    expect(parseFilter('ether proto 0x88cc')).toEqual({ kind: 'ethertype', number: 0x88cc });
    expect(parseFilter('ether proto arp')).toEqual({ kind: 'ethertype', number: 0x0806 });
    expect(parseFilter('ether multicast')).toEqual({ kind: 'cast', layer: 'ether', cast: 'multicast' });
  });

  it('takes a VLAN id behind `vlan` or leaves it open', () => {
    expect(parseFilter('vlan 100 and tcp')).toEqual(both({ kind: 'vlan', id: 100 }, tcp));
    expect(parseFilter('vlan and tcp')).toEqual(both({ kind: 'class', word: 'vlan' }, tcp));
  });
});

describe('comparisons', () => {
  const compare = (of: string, name: string, comparator: string, value: number) => ({
    kind: 'compare',
    what: { of, name },
    comparator,
    value,
  });

  it('reads every spelling of a comparator', () => {
    const spellings = {
      eq: ['eq', 'equal', '=', '=='],
      ne: ['ne', 'neq', '!='],
      lt: ['lt', 'less', '<'],
      lte: ['lte', '<='],
      gt: ['gt', 'greater', '>'],
      gte: ['gte', '>='],
    };
    for (const [comparator, words] of Object.entries(spellings)) {
      for (const word of words) {
        expect(parseFilter(`spkts ${word} 3`)).toEqual(compare('field', 'spkts', comparator, 3));
      }
    }
  });

  it('takes no comparator as equal', () => {
    expect(parseFilter('src pkts 5')).toEqual(compare('field', 'spkts', 'eq', 5));
    expect(parseFilter('pkts 5')).toEqual(compare('either', 'pkts', 'eq', 5));
  });

  it('tells sides, either side and total apart', () => {
    expect(parseFilter('src bytes gt 1k')).toEqual(compare('field', 'sbytes', 'gt', 1000));
    expect(parseFilter('dst bytes gt 1k')).toEqual(compare('field', 'dbytes', 'gt', 1000));
    expect(parseFilter('bytes gt 1k')).toEqual(compare('either', 'bytes', 'gt', 1000));
    expect(parseFilter('src and dst bytes gt 1k')).toEqual(compare('both', 'bytes', 'gt', 1000));
    expect(parseFilter('total bytes gt 1M')).toEqual(compare('total', 'bytes', 'gt', 1_000_000));
  });

  it('reads a duration as the one of the record', () => {
    expect(parseFilter('dur lt 10ms')).toEqual(compare('field', 'dur', 'lt', 0.01));
    expect(parseFilter('dst dur lt 10ms')).toEqual(compare('field', 'ddur', 'lt', 0.01));
  });

  it('reads a name that is a state and a field by what stands behind it', () => {
    expect(parseFilter('synack')).toEqual({ kind: 'state', word: 'synack' });
    expect(parseFilter('synack gt 10ms')).toEqual(compare('field', 'synack', 'gt', 0.01));
  });

  it('compares ports as numbers', () => {
    expect(parseFilter('dst port gte 1024')).toEqual(compare('field', 'dport', 'gte', 1024));
    expect(parseFilter('port gte 1024')).toEqual(compare('either', 'port', 'gte', 1024));
  });

  it('asks by `has` whether there is a value', () => {
    expect(parseFilter('has tcprtt')).toEqual({ kind: 'has', what: { of: 'field', name: 'tcprtt' } });
    expect(parseFilter('has jit')).toEqual({ kind: 'has', what: { of: 'either', name: 'jit' } });
    expect(parseFilter('has dst jit')).toEqual({ kind: 'has', what: { of: 'field', name: 'djit' } });
    expect(parseFilter('has src user')).toEqual({ kind: 'has', what: { of: 'field', name: 'suser' } });
  });

  it('reads the published expressions', () => {
    for (const text of [
      'icmp and (dst pkts eq 0 or not echo)',
      'src bytes lt 1 or dst bytes lt 1 or src rate lt 1 or dst rate lt 1',
      'src jit gt 10 or dst jit gt 10 or src intpkt gt 10 or dst intpkt gt 10',
      'src net 192.168.0.0/16',
      'port domain',
    ]) {
      expect(parseFilter(text).kind).not.toBe('all');
    }
  });
});

describe('states', () => {
  it('takes a side before what each end has for itself', () => {
    expect(parseFilter('syn')).toEqual({ kind: 'side-state', sides: 'either', word: 'syn' });
    expect(parseFilter('dst reset')).toEqual({ kind: 'side-state', sides: 'dst', word: 'rst' });
    expect(parseFilter('src and dst fin')).toEqual({ kind: 'side-state', sides: 'both', word: 'fin' });
  });

  it('knows argus words by their other names', () => {
    expect(parseFilter('con')).toEqual(parseFilter('est'));
    expect(parseFilter('end')).toEqual(parseFilter('stop'));
    expect(parseFilter('psh or urgent')).toEqual(parseFilter('push or urg'));
  });
});

describe('errors', () => {
  it('names an unknown word, its place and the word that was meant', () => {
    expect(problem('tcp prt 80').message).toBe("unknown word 'prt' at 5, did you mean 'port'?");
    expect(problem('tcp and prt 80').message).toBe("unknown word 'prt' at 9, did you mean 'port'?");
    expect(problem('src pkst gt 5').message).toBe("unknown word 'pkst' at 5, did you mean 'pkts'?");
    expect(problem('spktz gt 5').message).toBe("unknown word 'spktz' at 1, did you mean 'spkts'?");
    expect(problem('has tcprt').message).toBe("unknown word 'tcprt' at 5, did you mean 'tcprtt'?");
    expect(problem('xylophones').message).toBe("unknown word 'xylophones' at 1");
  });

  it.each([
    ['tcp udp', "'and' or 'or' is missing before 'udp' at 5"],
    ['port 80 443', "'and' or 'or' is missing before '443' at 9"],
    ['(tcp udp)', "'and' or 'or' is missing before 'udp' at 6"],
    ['tcp and', 'the filter ends where a term is missing at 8'],
    ['not', 'the filter ends where a term is missing at 4'],
    ['(tcp', "'(' is not closed at 1"],
    ['tcp)', "')' without '(' at 4"],
    ['()', "a term is missing before ')' at 2"],
    ['and tcp', "a term is missing before 'and' at 1"],
    ['port', 'the filter ends where a port is missing at 5'],
    ['host and tcp', "'and' stands where an address is missing at 6"],
    ['src', "'src' needs a word behind it at 4"],
    ['ether', "'ether' needs host, src, dst, proto, multicast or broadcast behind it at 1"],
    ['tcp gt 5', "'tcp' is no field at 1"],
    ['pkts', "'pkts' needs a comparison behind it at 1"],
    ['spkts gt', "a number is missing behind 'spkts' at 9"],
    ['spkts gt many', "'many' is no number at 10"],
    ['spkts gt 5ms', "'5ms' has a unit that 'spkts' does not have at 10"],
    ['state eq 5', "'state' is no number and cannot be compared at 1"],
    ['stime gt 5', "'stime' is no number and cannot be compared at 1"],
    ['src spkts gt 5', "'spkts' takes no 'src' before it at 5"],
    ['total ttl gt 5', "there is no total of 'ttl' at 7"],
    ['vlan 5000', "'5000' is no VLAN id at 6"],
  ])('refuses %j: %s', (text, message) => {
    expect(problem(text).message).toBe(message);
  });

  it.each([
    ['host www.example.com', "'www.example.com' at 6 is a name, not an address", 'getent hosts'],
    ['host 10.0', "'10.0' at 6 is not a whole address", 'net 10.0'],
    ['host 10.0.0.0/8', "'10.0.0.0/8' at 6 is a network, not a host", 'net 10.0.0.0/8'],
    ['host 10.0.0.256', "'10.0.0.256' at 6 is no IPv4 address", '255'],
    ['host 00:11:22:aa:bb:cc', "'00:11:22:aa:bb:cc' at 6 is a MAC address", 'ether host'],
    ['host in @file', "'in' is not understood yet at 6", 'lists of addresses are not read yet'],
    ['net 10.0.0.0/33', "'10.0.0.0/33' at 5 is no network", '0 to 32'],
    ['net somewhere', "'somewhere' at 5 is no network", '10.0.0.0/8'],
    ['port 70000', "'70000' at 6 is no port", '65535'],
    ['port 90-80', "'90-80' at 6 is an empty range", '80-90'],
    ['port 80 or 10.0.0.1', "'10.0.0.1' at 12 is no port", 'host 10.0.0.1'],
    ['proto 256', "'256' at 7 is no IP protocol", '255'],
    ['ether host 10.0.0.1', "'10.0.0.1' at 12 is no MAC address", '00:11:22'],
  ])('refuses %j: %s', (text, message, hint) => {
    const error = problem(text);
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });

  it('says so when records cannot answer a word of argus yet', () => {
    expect(problem('udt').message).toBe("'udt' is not in the records yet at 1");
  });

  it.each([
    ['encaps vxlam', "'vxlam' at 8 is no encapsulation"],
    ['encaps', "'encaps' needs the name of a tunnel behind it at 7"],
    ['inode', "'inode' needs an address behind it at 6"],
    ['inode ne 10.0.0.1', "'ne' at 7 is a name"],
    ['tsaddr 10.0', "'10.0' at 8 is not a whole address"],
  ])('says what is wrong with %j', (text, expected) => {
    expect(problem(text).message).toContain(expected);
  });

  it('limits what a remote client can ask for', () => {
    expect(problem('('.repeat(limits.nesting + 1)).message).toContain('nested too deeply');
    expect(problem(`tcp${' or tcp'.repeat(limits.terms)}`).message).toContain('terms');
    expect(problem('x'.repeat(limits.characters + 1)).message).toContain('characters');
    expect(parseFilter(`tcp${' or tcp'.repeat(limits.terms - 1)}`).kind).toBe('or');
  });
});
