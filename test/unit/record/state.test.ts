// State, direction and flags as argus prints them.
import { describe, expect, it } from 'vitest';
import { IpFlag, TcpState, TunnelType } from '../../../src/record/columns.js';
import { findField } from '../../../src/record/fields.js';
import { icmpRow, makeBatch, type Row, refusedRow, tcpRow, tunnelRow, udpRow } from '../support/batches.js';

const read = (name: string, row: Row) => findField(name)?.read(makeBatch([row]))(0);
const state = (row: Row) => read('state', row);
const oneSided: Row = { dstPackets: 0 };

describe('state', () => {
  it.each<[string, number, Row]>([
    ['REQ', TcpState.syn, {}],
    ['ACC', TcpState.syn | TcpState.synAck, {}],
    ['CON', TcpState.syn | TcpState.synAck | TcpState.established, {}],
    ['FIN', TcpState.established | TcpState.srcFin, {}],
    ['FIN', TcpState.established | TcpState.dstFin | TcpState.dstFinAcked, {}],
    ['RST', TcpState.established | TcpState.srcFin | TcpState.dstRst, {}],
    ['TIM', TcpState.established, { reason: 4 }],
    ['CON', 0, {}],
    ['INT', 0, oneSided],
  ])('of TCP is %s for bits %i', (expected, tcpState, change) => {
    expect(state(tcpRow({ tcpState, reason: 0, ...change }))).toBe(expected);
  });

  it('of other protocols says who sent', () => {
    expect(state(udpRow())).toBe('CON');
    expect(state(udpRow({ ...oneSided, cause: 1 }))).toBe('INT');
    expect(state(udpRow({ ...oneSided, cause: 2 }))).toBe('REQ');
    expect(state(udpRow({ ...oneSided, cause: 3 }))).toBe('INT');
    expect(state(udpRow({ srcPackets: 0 }))).toBe('RSP');
    expect(state({ kind: 3, srcPackets: 1, dstPackets: 1 })).toBe('CON');
  });

  it.each([
    [8, 0, 'ECO'],
    [0, 0, 'ECR'],
    [3, 0, 'URN'],
    [3, 1, 'URH'],
    [3, 2, 'URO'],
    [3, 3, 'URP'],
    [3, 4, 'URF'],
    [3, 13, 'URFIL'],
    [3, 15, 'URCUT'],
    [3, 99, 'UR'],
    [11, 0, 'TXD'],
    [5, 1, 'RED'],
    [200, 0, 'T200'],
  ])('of ICMP type %i code %i is %s', (icmpType, icmpCode, expected) => {
    expect(state(icmpRow({ icmpType, icmpCode }))).toBe(expected);
  });

  it.each([
    [128, 0, 'ECO'],
    [129, 0, 'ECR'],
    [135, 0, 'NNS'],
    [136, 0, 'NNA'],
    [2, 0, 'PTB'],
    [1, 4, 'URP'],
    [3, 1, 'TXR'],
    [4, 1, 'PPNH'],
    [8, 0, 'T8'],
  ])('of ICMPv6 type %i code %i is %s', (icmpType, icmpCode, expected) => {
    expect(state(icmpRow({ kind: 2, protocol: 58, icmpType, icmpCode }))).toBe(expected);
  });
});

describe('dir', () => {
  it.each<[string, Row]>([
    ['->', tcpRow()],
    ['->', tcpRow({ ...oneSided, tcpState: TcpState.syn })],
    ['<?>', tcpRow({ tcpState: 0 })],
    ['?>', tcpRow({ tcpState: 0, ...oneSided })],
    ['<?', tcpRow({ tcpState: 0, srcPackets: 0 })],
    ['<->', udpRow()],
    ['->', udpRow(oneSided)],
    ['<-', udpRow({ srcPackets: 0 })],
    ['who', { kind: 3 }],
    ['tel', { kind: 5 }],
  ])('is %s', (expected, row) => {
    expect(read('dir', row)).toBe(expected);
    const table = findField('dir')?.readTable?.(makeBatch([row]), 0)(0);
    expect(table).toHaveLength(3);
    expect(table?.trim()).toBe(expected);
  });
});

describe('flgs', () => {
  it.each<[string, Row]>([
    [' e', {}],
    [' v', { srcVlan: 5 }],
    [' M', { srcIpFlags: IpFlag.macChanged, srcVlan: 5 }],
    [' e  S', { srcZeroWindows: 1 }],
    [' e  D', { dstZeroWindows: 1 }],
    [' e  @', { srcZeroWindows: 1, dstZeroWindows: 2 }],
    [' e   x', { srcCePackets: 1 }],
    [' e   t', { dstCePackets: 1 }],
    [' e   E', { srcCePackets: 1, dstCePackets: 1 }],
    [' e    F', { dstFragments: 2 }],
    [' e     R', { srcIpFlags: IpFlag.recordRoute | IpFlag.dontFragment }],
    [' e     A', { dstIpFlags: IpFlag.routerAlert }],
    [' e     O', { srcIpFlags: IpFlag.recordRoute, dstIpFlags: IpFlag.timestamp }],
    [' e  S F', { srcZeroWindows: 1, srcFragments: 1 }],
    [' e s', { srcRetrans: 1 }],
    [' e s', { srcLostBefore: 1 }],
    [' e d', { dstRetrans: 1 }],
    [' e *', { srcRetrans: 1, dstLostBefore: 1, dstGapBytes: 9, srcOutOfOrder: 1 }],
    [' e d', { dstRetrans: 1, srcGapBytes: 9 }],
    [' e g', { dstGapBytes: 9, srcOutOfOrder: 1 }],
    [' e i', { srcOutOfOrder: 1 }],
    [' e r', { dstOutOfOrder: 1 }],
    [' e &', { srcOutOfOrder: 1, dstOutOfOrder: 1 }],
    [' e sS', { srcRetrans: 1, srcZeroWindows: 1 }],
    [' eUs', { srcRetrans: 1, icmpErrors: 1, icmpErrorType: 3, icmpErrorCode: 1, inode: '10.0.0.254' }],
  ])('is %j', (expected, change) => {
    expect(read('flgs', tcpRow(change))).toBe(expected);
  });

  it.each<[string, Row]>([
    [' x', tunnelRow()],
    [' *', tunnelRow({ srcVlan: 5 })],
    [' *', tunnelRow({ tunnelDepth: 2 })],
    [' M', tunnelRow({ srcIpFlags: IpFlag.macChanged })],
    [' 4', tunnelRow({ tunnelType: TunnelType.fourin6 })],
    [' 6', tunnelRow({ tunnelType: TunnelType.sixin4 })],
    [' G', tunnelRow({ tunnelType: TunnelType.erspan })],
    [' *', tunnelRow({ tunnelType: 200 })],
    [' m', tcpRow({ dstMpls: 300 })],
    [' *', tcpRow({ dstMpls: 300, srcVlan: 4 })],
    [' eU', refusedRow()],
    [' eT', refusedRow({ icmpErrorType: 11 })],
    [' eR', refusedRow({ icmpErrorType: 5 })],
    [' eI', refusedRow({ icmpErrorType: 12 })],
    [' eU', refusedRow({ icmpErrorType: 1, inode: '2001:db8::1' })],
    [' eT', refusedRow({ icmpErrorType: 3, inode: '2001:db8::1' })],
    [' eR', refusedRow({ icmpErrorType: 137, inode: '2001:db8::1' })],
    [' e    V', tcpRow({ srcFragments: 2, srcIpFlags: IpFlag.fragment | IpFlag.overlap })],
    [' e    F', udpRow({ srcFragments: 1 })],
    [' e    f', udpRow({ srcFragments: 1, dstFragments: 1, srcPort: 0, dstPort: 0 })],
    [' e    F', udpRow({ srcFragments: 1, dstFragments: 1 })],
    [' e    F', udpRow({ srcFragments: 1, srcPort: 0, dstPort: 0 })],
    [' e    f', icmpRow({ srcFragments: 1, icmpType: undefined, icmpCode: undefined })],
    [' e    F', icmpRow({ srcFragments: 1 })],
  ])('of rare traffic is %j', (expected, row) => {
    expect(read('flgs', row)).toBe(expected);
  });

  it('has a letter for every tunnel', () => {
    for (const type of Object.values(TunnelType).slice(1)) {
      expect(read('flgs', tunnelRow({ tunnelType: type }))).toMatch(/^ [46GxgtLTymEa]$/);
    }
  });

  it('is missing where there is nothing to say', () => {
    expect(read('flgs', { kind: 1, protocol: 6 })).toBeUndefined();
  });
});
