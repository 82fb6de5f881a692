// State, direction and flags as argus prints them.
import { describe, expect, it } from 'vitest';
import { IpFlag, TcpState } from '../../../src/record/columns.js';
import { findField } from '../../../src/record/fields.js';
import { icmpRow, makeBatch, type Row, tcpRow, udpRow } from '../support/batches.js';

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
  ])('is %j', (expected, change) => {
    expect(read('flgs', tcpRow(change))).toBe(expected);
  });

  it('is missing where there is nothing to say', () => {
    expect(read('flgs', { kind: 1, protocol: 6 })).toBeUndefined();
  });
});
