// Fields: state, flags and direction in argus's letters, each put together from several columns. Neighbour: fields.ts.
import { Cause, EndReason, FlowKind, IpFlag, TcpState } from '../columns.js';
import { type Field, makeField, type RowReader } from '../field.js';
import type { FlowBatch } from '../flow-batch.js';
import { icmp6State, icmpState } from '../state-text.js';
import { ipProtocol } from './derive.js';

const anyFin = TcpState.srcFin | TcpState.dstFin;
const anyRst = TcpState.srcRst | TcpState.dstRst;

function tcpState(state: number, reason: number, bothSent: boolean): string {
  if (state & anyRst) return 'RST';
  if (state & anyFin) return 'FIN';
  if (reason === EndReason.idle) return 'TIM';
  if (state & TcpState.established) return 'CON';
  if (state & TcpState.synAck) return 'ACC';
  if (state & TcpState.syn) return 'REQ';
  return bothSent ? 'CON' : 'INT';
}

function readState(batch: FlowBatch): RowReader<string> {
  const protocol = batch.column('protocol');
  const state = batch.column('tcpState');
  const cause = batch.column('cause');
  const reason = batch.column('reason');
  const srcPackets = batch.column('srcPackets');
  const dstPackets = batch.column('dstPackets');
  const type = batch.column('icmpType');
  const code = batch.column('icmpCode');
  return (row) => {
    const srcSent = (srcPackets(row) ?? 0) > 0;
    const dstSent = (dstPackets(row) ?? 0) > 0;
    const number = protocol(row);
    if (number === ipProtocol.tcp) return tcpState(state(row) ?? 0, reason(row) ?? 0, srcSent && dstSent);
    const icmpType = type(row);
    if (icmpType !== undefined) {
      return (number === ipProtocol.icmp6 ? icmp6State : icmpState)(icmpType, code(row) ?? 0);
    }
    if (srcSent && dstSent) return 'CON';
    if (dstSent) return 'RSP';
    return cause(row) === Cause.status ? 'REQ' : 'INT'; // argus's start bit is set in Start and in Stop
  };
}

const optionFlags = [
  [IpFlag.routerAlert, 'A'],
  [IpFlag.timestamp, 'T'],
  [IpFlag.recordRoute, 'R'],
  [IpFlag.security, '+'],
  [IpFlag.sourceRoute, 'S'],
  [IpFlag.otherOption, 'U'],
] as const;

function optionLetter(flags: number): string {
  let letter = ' ';
  for (const [flag, its] of optionFlags) {
    if (flags & flag) letter = letter === ' ' ? its : 'O';
  }
  return letter;
}

const pairLetter = (src: boolean, dst: boolean, letters: string): string =>
  letters[(src ? 1 : 0) + (dst ? 2 : 0)] as string;

// Nine positions, each with its own letters: the text keeps them, blanks behind the last letter are left out.
function readFlags(batch: FlowBatch): RowReader<string> {
  const srcMac = batch.column('srcMac');
  const dstMac = batch.column('dstMac');
  const srcVlan = batch.column('srcVlan');
  const dstVlan = batch.column('dstVlan');
  const srcIpFlags = batch.column('srcIpFlags');
  const dstIpFlags = batch.column('dstIpFlags');
  const srcZero = batch.column('srcZeroWindows');
  const dstZero = batch.column('dstZeroWindows');
  const srcCe = batch.column('srcCePackets');
  const dstCe = batch.column('dstCePackets');
  const srcFragments = batch.column('srcFragments');
  const dstFragments = batch.column('dstFragments');
  return (row) => {
    const ipFlags = (srcIpFlags(row) ?? 0) | (dstIpFlags(row) ?? 0);
    let link = ' ';
    if (ipFlags & IpFlag.macChanged) link = 'M';
    else if (srcVlan(row) !== undefined || dstVlan(row) !== undefined) link = 'v';
    else if (srcMac(row) !== undefined || dstMac(row) !== undefined) link = 'e';
    const fragments = ipFlags & IpFlag.fragment || srcFragments(row) || dstFragments(row);
    const zero = pairLetter(Boolean(srcZero(row)), Boolean(dstZero(row)), ' SD@');
    const marked = pairLetter(Boolean(srcCe(row)), Boolean(dstCe(row)), ' xtE');
    return ` ${link}  ${zero}${marked}${fragments ? 'F' : ' '}${optionLetter(ipFlags)}`.trimEnd();
  };
}

// Three columns wide: '<->', ' ->', '<- '; TCP without SYN and SYN-ACK has '?' in the middle.
function readArrow(batch: FlowBatch): RowReader<string> {
  const kind = batch.column('kind');
  const protocol = batch.column('protocol');
  const state = batch.column('tcpState');
  const srcPackets = batch.column('srcPackets');
  const dstPackets = batch.column('dstPackets');
  return (row) => {
    const flowKind = kind(row);
    if (flowKind === FlowKind.arp) return 'who';
    if (flowKind === FlowKind.rarp) return 'tel';
    let middle = '-';
    if (protocol(row) === ipProtocol.tcp) {
      if ((state(row) ?? 0) & (TcpState.syn | TcpState.synAck)) return ' ->';
      middle = '?';
    }
    return (dstPackets(row) ? '<' : ' ') + middle + (srcPackets(row) ? '>' : ' ');
  };
}

export const stateFields: readonly Field[] = [
  makeField({
    name: 'state',
    label: 'State',
    width: 5,
    type: 'text',
    about:
      'TCP: RST FIN TIM CON ACC REQ INT; ICMP: ECO ECR URP TXD ...; others: CON both sides sent, INT or REQ only src, RSP only dst',
    missing: 'never',
    read: readState,
  }),
  makeField({
    name: 'flgs',
    label: 'Flgs',
    width: 9,
    type: 'text',
    align: 'left',
    about:
      'letters by position: 2 link (e Ethernet, v VLAN, M several MAC pairs), 5 zero window (S src, D dst, @ both), 6 congestion (x src, t dst, E both), 7 F fragments, 8 IP options (A T R + S U, O several)',
    missing: 'nothing to say',
    read: (batch) => {
      const flags = readFlags(batch);
      return (row) => flags(row) || undefined;
    },
  }),
  makeField({
    name: 'dir',
    label: 'Dir',
    width: 5,
    type: 'text',
    about:
      'who sent: -> a TCP connection, <-> both, -> or <- one side; ?> <?> <? TCP without its handshake; who ARP, tel RARP',
    missing: 'never',
    read: (batch) => {
      const arrow = readArrow(batch);
      return (row) => arrow(row)?.trim();
    },
    readTable: readArrow,
  }),
];
