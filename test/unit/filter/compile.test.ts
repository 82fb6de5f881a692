import { describe, expect, it } from 'vitest';
import { compileFilter, compileTest } from '../../../src/filter/compile.js';
import { parseFilter } from '../../../src/filter/parser.js';
import { Cause, EndReason, FlowKind, IpFlag, TcpOption, TcpState } from '../../../src/record/columns.js';
import { icmpRow, makeBatch, type Row, tcpRow, udpRow } from '../support/batches.js';
import { selected } from '../support/selected.js';

const tcp6 = tcpRow({ kind: FlowKind.ipv6, srcAddress: '2001:db8::1', dstAddress: '2001:db8:1::2' });
const ping6 = icmpRow({
  kind: FlowKind.ipv6,
  protocol: 58,
  srcAddress: '2001:db8::1',
  dstAddress: 'ff02::1',
  icmpType: 128,
});
const arp: Row = {
  kind: FlowKind.arp,
  srcAddress: '10.0.0.1',
  dstAddress: '10.0.0.2',
  srcMac: '02:00:00:00:00:01',
  dstMac: 'ff:ff:ff:ff:ff:ff',
  srcFirst: 0,
  srcSpan: 0,
  srcPackets: 1,
  srcBytes: 60,
  arpOperation: 1,
};
const lldp: Row = {
  kind: FlowKind.ethernet,
  srcAddress: '02:00:00:00:00:07',
  dstAddress: '01:80:c2:00:00:0e',
  ethertype: 0x88cc,
  srcFirst: 0,
  srcSpan: 0,
  srcPackets: 1,
  srcBytes: 120,
};

const traffic = { tcp: tcpRow(), tcp6, udp: udpRow(), ping: icmpRow(), ping6, arp, lldp };
const all = Object.keys(traffic);

describe('protocols', () => {
  it.each([
    ['', all],
    ['far', all],
    ['man', []],
    ['tcp', ['tcp', 'tcp6']],
    ['udp', ['udp']],
    ['icmp', ['ping', 'ping6']],
    ['icmp6', ['ping6']],
    ['ip proto 1', ['ping']],
    ['proto ipv6-icmp', ['ping6']],
    ['ip', ['tcp', 'tcp6', 'udp', 'ping', 'ping6']],
    ['ipv4', ['tcp', 'udp', 'ping']],
    ['ipv6', ['tcp6', 'ping6']],
    ['arp', ['arp']],
    ['rarp', []],
    ['not ip', ['arp', 'lldp']],
    ['ether proto 0x88cc', ['lldp']],
    ['ether proto ip', ['tcp', 'udp', 'ping']],
    ['ether proto ipv6', ['tcp6', 'ping6']],
    ['ether proto arp', ['arp']],
    ['igmp or esp or ah or sctp or gre or ospf', []],
  ])('%j', (text, expected) => {
    expect(selected(traffic, text)).toEqual(expected);
  });

  it('knows every protocol word by its number', () => {
    const numbers = { igmp: 2, esp: 50, ah: 51, sctp: 132, gre: 47, ospf: 89 };
    for (const [word, protocol] of Object.entries(numbers)) {
      expect(selected({ it: icmpRow({ protocol }), other: tcpRow() }, word)).toEqual(['it']);
    }
  });
});

describe('addresses', () => {
  it.each([
    ['host 10.0.0.1', ['tcp', 'udp', 'ping', 'arp']],
    ['src host 10.0.0.1', ['tcp', 'udp', 'ping', 'arp']],
    ['dst host 10.0.0.1', []],
    ['dst 10.0.0.2', ['tcp', 'arp']],
    ['src 10.0.0.1 and dst 10.0.0.53', ['udp']],
    ['host 2001:db8::1', ['tcp6', 'ping6']],
    ['host 2001:0db8:0:0::0001', ['tcp6', 'ping6']],
    ['net 10', ['tcp', 'udp', 'ping', 'arp']],
    ['net 10.0.0.0/30', ['tcp', 'udp', 'ping', 'arp']],
    ['dst net 10.0.0.0/30', ['tcp', 'arp']],
    ['dst net 10.0.0.32/27', ['udp']],
    ['src and dst net 10.0.0.0/29', ['tcp', 'arp']],
    ['net 10.0.0.0 mask 255.0.0.1', ['tcp', 'arp']],
    ['dst net 2001:db8:1::/48', ['tcp6']],
    ['net ::/0', ['tcp6', 'ping6']],
    ['net 0.0.0.0/0', ['tcp', 'udp', 'ping', 'arp']],
    ['not host 10.0.0.1', ['tcp6', 'ping6', 'lldp']],
    ['ether host 02:00:00:00:00:01', ['tcp', 'tcp6', 'udp', 'ping', 'ping6', 'arp']],
    ['ether src 02:00:00:00:00:07', ['lldp']],
    ['ether dst ff:ff:ff:ff:ff:ff', ['arp']],
    ['multicast', ['ping6', 'lldp']],
    ['ip multicast', ['ping6']],
    ['ether multicast', ['lldp']],
    ['broadcast', ['arp']],
    ['ip broadcast', []],
  ])('%j', (text, expected) => {
    expect(selected(traffic, text)).toEqual(expected);
  });

  it('does not take an IPv4 address for the start of an IPv6 one', () => {
    const rows = { six: tcpRow({ kind: FlowKind.ipv6, srcAddress: 'a00:1::', dstAddress: '::1' }) };
    expect(selected(rows, 'host 10.0.0.1 or net 10')).toEqual([]);
  });

  it('knows IPv4 multicast and broadcast', () => {
    const rows = {
      group: udpRow({ dstAddress: '224.0.0.251' }),
      everyone: udpRow({ dstAddress: '255.255.255.255' }),
      one: udpRow({ dstAddress: '240.0.0.1' }),
    };
    expect(selected(rows, 'ip multicast')).toEqual(['group']);
    expect(selected(rows, 'ip broadcast')).toEqual(['everyone']);
  });
});

describe('ports', () => {
  it.each([
    ['port 80', ['tcp', 'tcp6']],
    ['port domain', ['udp']],
    ['src port 80', []],
    ['dst port 50-100', ['tcp', 'tcp6', 'udp']],
    ['tcp port 80 or 53', ['tcp', 'tcp6']],
    ['port 80 or 53', ['tcp', 'tcp6', 'udp']],
    ['src and dst port 0-65535', ['tcp', 'tcp6', 'udp']],
    ['not port 80', ['udp', 'ping', 'ping6', 'arp', 'lldp']],
  ])('%j', (text, expected) => {
    expect(selected(traffic, text)).toEqual(expected);
  });
});

describe('VLANs', () => {
  const rows = {
    tagged: tcpRow({ srcVlan: 0x6064 }),
    back: tcpRow({ dstVlan: 100 }),
    inner: tcpRow({ srcVlan: 7, innerVlan: 100 }),
    plain: tcpRow(),
  };

  it('are found by id in any tag, priority aside', () => {
    expect(selected(rows, 'vlan 100')).toEqual(['tagged', 'back', 'inner']);
    expect(selected(rows, 'vlan 7')).toEqual(['inner']);
    expect(selected(rows, 'vlan')).toEqual(['tagged', 'back', 'inner']);
  });
});

describe('states', () => {
  const flags = { fin: 1, syn: 2, rst: 4, push: 8, ack: 16, urg: 32, ece: 64, cwr: 128 };

  it.each(Object.entries(flags))('%s is a flag of either end', (word, bit) => {
    const rows = {
      src: tcpRow({ srcTcpFlags: bit, dstTcpFlags: 0 }),
      dst: tcpRow({ srcTcpFlags: 0, dstTcpFlags: bit }),
      both: tcpRow({ srcTcpFlags: bit, dstTcpFlags: bit }),
      others: tcpRow({ srcTcpFlags: 255 - bit, dstTcpFlags: 255 - bit }),
      udp: udpRow(),
    };
    expect(selected(rows, word)).toEqual(['src', 'dst', 'both']);
    expect(selected(rows, `src ${word}`)).toEqual(['src', 'both']);
    expect(selected(rows, `dst ${word}`)).toEqual(['dst', 'both']);
    expect(selected(rows, `src and dst ${word}`)).toEqual(['both']);
    expect(selected(rows, `not ${word}`)).toEqual(['others', 'udp']);
  });

  const options = {
    mss: TcpOption.mss,
    wscale: TcpOption.windowScale,
    selackok: TcpOption.sackPermitted,
    selack: TcpOption.sack,
    tcptimestamp: TcpOption.timestamp,
  };

  it.each(Object.entries(options))('%s is an option of either end', (word, bit) => {
    const rows = {
      src: tcpRow({ srcTcpOptions: bit }),
      others: tcpRow({ srcTcpOptions: 255 - bit }),
      none: tcpRow({ srcTcpOptions: 0 }),
    };
    expect(selected(rows, word)).toEqual(['src']);
    expect(selected(rows, `dst ${word}`)).toEqual([]);
    expect(selected(rows, 'tcpopt')).toEqual(['src', 'others']);
  });

  it('frag, winshut and ecn count packets of an end', () => {
    const rows = {
      frag: udpRow({ srcFragments: 2 }),
      shut: tcpRow({ dstZeroWindows: 1 }),
      marked: tcpRow({ srcCePackets: 1 }),
      plain: tcpRow(),
    };
    expect(selected(rows, 'frag')).toEqual(['frag']);
    expect(selected(rows, 'dst winshut')).toEqual(['shut']);
    expect(selected(rows, 'src winshut')).toEqual([]);
    expect(selected(rows, 'ecn')).toEqual(['marked']);
  });

  it('retrans and outoforder speak of what an end sent', () => {
    const rows = {
      again: tcpRow({ srcRetrans: 1 }),
      upstream: tcpRow({ dstLostBefore: 2 }),
      late: tcpRow({ srcOutOfOrder: 1 }),
      plain: tcpRow(),
      udp: udpRow(),
    };
    expect(selected(rows, 'retrans')).toEqual(['again', 'upstream']);
    expect(selected(rows, 'drop')).toEqual(['again', 'upstream']);
    expect(selected(rows, 'dst retrans')).toEqual(['upstream']);
    expect(selected(rows, 'src and dst retrans')).toEqual([]);
    expect(selected(rows, 'outoforder')).toEqual(['late']);
    expect(selected(rows, 'src ooo')).toEqual(['late']);
    expect(selected(rows, 'dst outoforder')).toEqual([]);
    expect(selected(rows, 'not retrans')).toEqual(['late', 'plain', 'udp']);
    expect(selected(rows, 'frag or retrans or outoforder or winshut')).toEqual(['again', 'upstream', 'late']);
  });

  it('tells fragments that are odd, or all that there is', () => {
    const rows = {
      tiny: udpRow({ srcFragments: 1, srcIpFlags: IpFlag.tinyFragment }),
      over: udpRow({ dstFragments: 1, dstIpFlags: IpFlag.overlap }),
      twice: udpRow({ srcFragments: 1, srcIpFlags: IpFlag.duplicateFragment }),
      only: udpRow({ srcFragments: 1, dstFragments: 1, srcPort: 0, dstPort: 0 }),
      plain: udpRow(),
    };
    expect(selected(rows, 'tinyfrag')).toEqual(['tiny']);
    expect(selected(rows, 'src overlap')).toEqual([]);
    expect(selected(rows, 'dst overlap')).toEqual(['over']);
    expect(selected(rows, 'dupfrag')).toEqual(['twice']);
    expect(selected(rows, 'fragonly')).toEqual(['only']);
    expect(selected(rows, 'has sfragf')).toEqual(['tiny', 'twice']);
  });

  it('quic is a flow of which a version was seen', () => {
    const rows = { quic: udpRow({ quicVersion: 1 }), other: udpRow() };
    expect(selected(rows, 'quic')).toEqual(['quic']);
    expect(selected(rows, 'has quicver')).toEqual(['quic']);
  });

  it('est needs a handshake from TCP and answers from others', () => {
    const rows = {
      open: tcpRow({ tcpState: TcpState.syn | TcpState.synAck | TcpState.established }),
      refused: tcpRow({ tcpState: TcpState.syn | TcpState.dstRst, dstPackets: 1 }),
      answered: udpRow(),
      silent: udpRow({ dstPackets: 0 }),
    };
    expect(selected(rows, 'est')).toEqual(['open', 'answered']);
    expect(selected(rows, 'con')).toEqual(['open', 'answered']);
  });

  it('follows how a connection is closed', () => {
    const fins = TcpState.srcFin | TcpState.dstFin;
    const rows = {
      half: tcpRow({ tcpState: TcpState.synAck | TcpState.srcFin }),
      acked: tcpRow({ tcpState: TcpState.srcFin | TcpState.srcFinAcked }),
      closed: tcpRow({ tcpState: fins | TcpState.srcFinAcked | TcpState.dstFinAcked }),
      reset: tcpRow({ tcpState: fins | TcpState.srcFinAcked | TcpState.dstFinAcked | TcpState.srcRst }),
    };
    expect(selected(rows, 'synack')).toEqual(['half']);
    expect(selected(rows, 'finack')).toEqual(['acked', 'closed', 'reset']);
    expect(selected(rows, 'normal')).toEqual(['closed']);
    expect(selected(rows, 'wait')).toEqual(['half', 'acked']);
  });

  it('knows ICMP types of both versions', () => {
    const four = (icmpType: number) => icmpRow({ icmpType });
    const six = (icmpType: number) => icmpRow({ protocol: 58, icmpType });
    const rows = {
      echo4: four(8),
      reply4: four(0),
      unreach4: four(3),
      redirect4: four(5),
      timexed4: four(11),
      odd4: four(128),
      echo6: six(128),
      reply6: six(129),
      unreach6: six(1),
      timexed6: six(3),
      redirect6: six(137),
      tcp: tcpRow(),
    };
    expect(selected(rows, 'echo')).toEqual(['echo4', 'reply4', 'echo6', 'reply6']);
    expect(selected(rows, 'unreach')).toEqual(['unreach4', 'unreach6']);
    expect(selected(rows, 'redirect')).toEqual(['redirect4', 'redirect6']);
    expect(selected(rows, 'timexed')).toEqual(['timexed4', 'timexed6']);
    expect(selected(rows, 'tcp and not echo')).toEqual(['tcp']);
  });

  it('compares causes, not their bits', () => {
    const rows = {
      start: tcpRow({ cause: Cause.start, reason: 0 }),
      status: tcpRow({ cause: Cause.status, reason: 0 }),
      stop: tcpRow({ cause: Cause.end, reason: EndReason.fin }),
    };
    for (const cause of ['start', 'status', 'stop'] as const) expect(selected(rows, cause)).toEqual([cause]);
    expect(selected(rows, 'end')).toEqual(['stop']);
  });

  it('knows why a flow ended', () => {
    const rows = {
      answered: udpRow({ reason: EndReason.answered }),
      timeout: udpRow({ reason: EndReason.idle }),
      evicted: udpRow({ reason: EndReason.evicted }),
      reused: udpRow({ reason: EndReason.reused }),
      shutdown: udpRow({ reason: EndReason.shutdown }),
    };
    for (const reason of Object.keys(rows)) expect(selected(rows, reason)).toEqual([reason]);
  });

  it('finds flows with more than one pair of MACs', () => {
    const rows = { many: tcpRow({ srcIpFlags: IpFlag.macChanged }), one: tcpRow({ srcIpFlags: 1 }) };
    expect(selected(rows, 'multipath')).toEqual(['many']);
  });
});

describe('comparisons', () => {
  it.each([
    ['src pkts gt 5', ['tcp', 'tcp6']],
    ['spkts = 1', ['udp', 'ping', 'ping6', 'arp', 'lldp']],
    ['spkts != 1', ['tcp', 'tcp6']],
    ['spkts >= 10', ['tcp', 'tcp6']],
    ['spkts gt 10', []],
    ['spkts lte 1', ['udp', 'ping', 'ping6', 'arp', 'lldp']],
    ['spkts lt 1', []],
    ['bytes gt 5k', ['tcp', 'tcp6']],
    ['src and dst bytes gt 999', ['tcp', 'tcp6']],
    ['src and dst bytes gt 1000', []],
    ['bytes gt 8k', []],
    ['total bytes gt 8k', ['tcp', 'tcp6']],
    ['dur eq 0.5', ['tcp', 'tcp6']],
    ['dur lt 10ms', ['udp', 'ping', 'ping6', 'arp', 'lldp']],
    ['dst port gte 80', ['tcp', 'tcp6']],
    ['synack eq 1ms', ['tcp', 'tcp6']],
    ['icmp and (dst pkts eq 0 or not echo)', ['ping', 'ping6']],
  ])('%j', (text, expected) => {
    expect(selected(traffic, text)).toEqual(expected);
  });

  it('mean the same by an integer and by a float', () => {
    const rows = { slow: tcpRow({ srcGapM2: 2e15, srcGapMin: 1, srcGapMax: 1 }), plain: tcpRow() };
    expect(selected(rows, 'src jit gt 10')).toEqual(['slow']);
    expect(selected(rows, 'src jit gt 10.0')).toEqual(['slow']);
    expect(selected(rows, 'src jit gt 10ms')).toEqual(['slow']);
  });
});

describe('missing values', () => {
  const rows = { with: tcpRow({ synack: 1_000_000 }), without: udpRow() };

  it('select nothing, whichever way they are compared', () => {
    expect(selected(rows, 'synack lt 1s')).toEqual(['with']);
    expect(selected(rows, 'synack gt 1s')).toEqual([]);
    expect(selected(rows, 'not synack gt 1s')).toEqual(['with']);
    expect(selected(rows, 'not synack lt 1s')).toEqual([]);
    expect(selected(rows, 'synack ne 5')).toEqual(['with']);
  });

  it('do not keep another term from selecting', () => {
    expect(selected(rows, 'synack lt 1s or udp')).toEqual(['with', 'without']);
    expect(selected(rows, 'not (synack lt 1s and tcp)')).toEqual(['without']);
  });

  it('are asked for by has', () => {
    expect(selected(rows, 'has synack')).toEqual(['with']);
    expect(selected(rows, 'not has synack')).toEqual(['without']);
  });

  it('leave either side to the side that has a value', () => {
    const oneSided = { it: tcpRow({ srcTtl: 64 }) };
    const batch = makeBatch([icmpRow({ srcTtl: 64 })]);
    expect(selected(oneSided, 'ttl eq 64')).toEqual(['it']);
    expect(compileTest(parseFilter('ttl eq 64'), batch)(0)).toBe(1);
    expect(compileTest(parseFilter('ttl eq 63'), batch)(0)).toBe(2);
    expect(compileTest(parseFilter('src and dst ttl eq 64'), batch)(0)).toBe(2);
    expect(compileTest(parseFilter('src and dst ttl eq 63'), batch)(0)).toBe(0);
  });

  it('make a total of what there is', () => {
    expect(compileFilter(parseFilter('total pkts eq 1'), makeBatch([icmpRow()]))(0)).toBe(true);
  });
});
