// Filters on what stands around a flow and on what was measured of it; the rest is in compile.test.ts.
import { describe, expect, it } from 'vitest';
import { FlowKind, RttKind, TunnelType } from '../../../src/record/columns.js';
import { icmpRow, refusedRow, tcpRow, tunnelRow, udpRow } from '../support/batches.js';
import { selected } from '../support/selected.js';

describe('what stands around a flow', () => {
  const rows = {
    vxlan: tunnelRow(),
    sixin4: tunnelRow({ tunnelType: TunnelType.sixin4, tunnelId: undefined }),
    deep: tunnelRow({ tunnelType: TunnelType.gre, tunnelDepth: 2, tunnelSrc: '2001:db8::1' }),
    label: tcpRow({ dstMpls: 7 }),
    vlan: tcpRow({ srcVlan: 4 }),
    plain: tcpRow(),
  };

  it.each([
    ['vxlan', ['vxlan']],
    ['encaps vxlan', ['vxlan']],
    ['tun vxlan', ['vxlan']],
    ['tun = vxlan', ['vxlan']],
    ['encaps 6in4', ['sixin4']],
    ['encaps gre', ['deep']],
    ['gre', []],
    ['geneve or gtp', []],
    ['tunnel', ['vxlan', 'sixin4', 'deep']],
    ['mpls', ['label']],
    ['encaps mpls', ['label']],
    ['encaps vlan', ['vlan']],
    ['not tunnel', ['label', 'vlan', 'plain']],
    ['tunid 4096', ['vxlan', 'deep']],
    ['tundepth gt 1', ['deep']],
    ['has tunid', ['vxlan', 'deep']],
    ['tsaddr 192.0.2.1', ['vxlan', 'sixin4']],
    ['tsaddr 2001:db8::/32', ['deep']],
    ['tdaddr 192.0.2.0/24', ['vxlan', 'sixin4', 'deep']],
    ['host 192.0.2.1', []],
    ['dst mpls 7', ['label']],
  ])('%j', (text, expected) => {
    expect(selected(rows, text)).toEqual(expected);
  });
});

describe('ICMP errors that a flow drew', () => {
  const six = { kind: FlowKind.ipv6, srcAddress: '2001:db8::1', dstAddress: '2001:db8::2' };
  const rows = {
    port: refusedRow(),
    port6: refusedRow({ ...six, icmpErrorType: 1, icmpErrorCode: 4, inode: '2001:db8::2' }),
    late: refusedRow({ icmpErrorType: 11, icmpErrorCode: 0 }),
    late6: refusedRow({ ...six, icmpErrorType: 3, icmpErrorCode: 0, inode: '2001:db8::2' }),
    // An IPv6 flow in an IPv4 tunnel, of which an IPv4 router spoke.
    host4of6: refusedRow({ ...six, icmpErrorType: 3, icmpErrorCode: 1 }),
    told: icmpRow({ icmpType: 3, icmpCode: 3 }),
    fine: udpRow(),
  };

  it.each([
    ['icmpmap', ['port', 'port6', 'late', 'late6', 'host4of6']],
    ['unreach', ['port', 'port6', 'host4of6', 'told']],
    ['timexed', ['late', 'late6']],
    ['redirect', []],
    ['unrport', ['port', 'port6']],
    ['unrhost', ['host4of6']],
    ['unrnet', []],
    ['icmp', ['told']],
    ['icmptype 3', ['port', 'late6', 'host4of6', 'told']],
    ['icmperrs gt 0 and udp', ['port', 'port6', 'late', 'late6', 'host4of6']],
    ['has inode', ['port', 'port6', 'late', 'late6', 'host4of6']],
    ['inode 10.0.0.254', ['port', 'late', 'host4of6']],
    ['inode 2001:db8::/64', ['port6', 'late6']],
    ['host 10.0.0.254', []],
  ])('%j', (text, expected) => {
    expect(selected(rows, text)).toEqual(expected);
  });
});

describe('measures of TCP', () => {
  const rows = {
    lossy: tcpRow({ dstRetrans: 3, dstSpurious: 1, dstRetransBytes: 4000 }),
    upstream: tcpRow({ srcLostBefore: 10, srcFastRetrans: 10 }),
    slow: tcpRow({ srcRttCount: 1, srcRttMin: 250_000_000, dstStalled: 3_000_000_000 }),
    plain: tcpRow(),
    udp: udpRow(),
  };

  it.each([
    ['ploss gt 0', ['lossy', 'upstream']],
    ['ploss gte 50%', ['upstream']],
    ['src ploss gt 0', ['upstream']],
    ['ploss eq 0', ['lossy', 'upstream', 'slow', 'plain']],
    ['total ploss lt 15', ['lossy', 'slow', 'plain']],
    ['loss 2', ['lossy']],
    ['total loss gt 1', ['lossy', 'upstream']],
    ['retrans gt 0', ['lossy']],
    ['total retrans = 3', ['lossy']],
    ['rbytes gte 4k', ['lossy']],
    ['dst spur 1', ['lossy']],
    ['src fast gt 1', ['upstream']],
    ['not loss gt 0', ['slow', 'plain']],
    ['has sretrans', ['lossy', 'upstream', 'slow', 'plain']],
    ['rttavg gt 200ms', ['slow']],
    ['has srttavg', ['slow']],
    ['zwms gt 1s', ['slow']],
    ['gap gt 0', []],
  ])('%j', (text, expected) => {
    expect(selected(rows, text)).toEqual(expected);
  });
});

describe('round trips of what is not TCP', () => {
  const rows = {
    dns: udpRow({ dnsId: 7, srcFirst: 0, dstFirst: 15_000_000 }),
    ping: icmpRow({ dstRttCount: 1, dstRttMin: 8_000_000, rttKind: RttKind.echo }),
    silent: icmpRow(),
    quic: udpRow({ srcRttCount: 1, srcRttMin: 20_000_000, rttKind: RttKind.spin }),
    tcp: tcpRow({ dstRttCount: 1, dstRttMin: 11_000_000 }),
  };

  it.each([
    ['drttavg gt 10ms', ['dns', 'tcp']],
    ['rttavg gt 10ms', ['dns', 'quic', 'tcp']],
    ['has drttn', ['dns', 'ping', 'tcp']],
    ['drttn eq 1 and not tcp', ['dns', 'ping']],
    ['has rttkind', ['dns', 'ping', 'quic', 'tcp']],
  ])('%j', (text, expected) => {
    expect(selected(rows, text)).toEqual(expected);
  });
});
