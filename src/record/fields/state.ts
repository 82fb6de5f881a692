// Fields: state, flags and direction in argus's letters, each put together from several columns. Neighbour: fields.ts.
import { Cause, EndReason, FlowKind, IpFlag, TcpState, TunnelType } from '../columns.js';
import { type Field, makeField, type RowReader } from '../field.js';
import type { FlowBatch } from '../flow-batch.js';
import { icmp6State, icmpState } from '../state-text.js';
import { icmpErrorTypes, ipProtocol, readBoth, readFragmentsOnly, readSentAgain } from './derive.js';

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

// argus's letters for what stands around the flow's IP header, and letters beside them for tunnels that it lacks.
const tunnelLetters: ReadonlyMap<number, string> = new Map([
  [TunnelType.ipip, '4'],
  [TunnelType.fourin6, '4'],
  [TunnelType.sixin4, '6'],
  [TunnelType.sixin6, '6'],
  [TunnelType.gre, 'G'],
  [TunnelType.pptp, 'G'],
  [TunnelType.nvgre, 'G'],
  [TunnelType.erspan, 'G'],
  [TunnelType.vxlan, 'x'],
  [TunnelType.vxlanGpe, 'x'],
  [TunnelType.geneve, 'g'],
  [TunnelType.gtp, 't'],
  [TunnelType.l2tp, 'L'],
  [TunnelType.teredo, 'T'],
  [TunnelType.ayiya, 'y'],
  [TunnelType.mplsUdp, 'm'],
  [TunnelType.mplsIp, 'm'],
  [TunnelType.etherip, 'E'],
  [TunnelType.ah, 'a'],
  [TunnelType.espNull, 'a'],
]);

/** What stands around the flow: one letter, `*` for several, of which Ethernet counts only where it is alone. */
function readEncapsulation(batch: FlowBatch): RowReader<string> {
  const macs = [batch.column('srcMac'), batch.column('dstMac')];
  const tags = [batch.column('srcVlan'), batch.column('dstVlan')];
  const labels = [batch.column('srcMpls'), batch.column('dstMpls')];
  const tunnel = batch.column('tunnelType');
  const depth = batch.column('tunnelDepth');
  const isThere = (columns: typeof macs, row: number) => columns.some((read) => read(row) !== undefined);
  return (row) => {
    const type = tunnel(row);
    const letters =
      (isThere(tags, row) ? 'v' : '') +
      (isThere(labels, row) ? 'm' : '') +
      (type === undefined ? '' : (tunnelLetters.get(type) ?? '*'));
    if (letters.length > 1 || depth(row) !== undefined) return '*';
    return letters || (isThere(macs, row) ? 'e' : ' ');
  };
}

/** The ICMP error that the flow drew: U unreachable, R redirect, T time exceeded, I another. */
function readErrorLetter(batch: FlowBatch): RowReader<string> {
  const type = batch.column('icmpErrorType');
  const reporter = batch.address('inode');
  return (row) => {
    const number = type(row);
    if (number === undefined) return ' ';
    const [unreachable, timeExceeded, redirect] = icmpErrorTypes(reporter(row).length === 16);
    if (number === unreachable) return 'U';
    if (number === timeExceeded) return 'T';
    return number === redirect ? 'R' : 'I';
  };
}

/** V overlapping fragments, f fragments without their first, F other fragments. */
function readFragmentLetter(batch: FlowBatch): RowReader<string> {
  const srcFlags = batch.column('srcIpFlags');
  const dstFlags = batch.column('dstIpFlags');
  const fragments = readBoth('Fragments')(batch);
  const fragmentsOnly = readFragmentsOnly(batch);
  return (row) => {
    const flags = (srcFlags(row) ?? 0) | (dstFlags(row) ?? 0);
    if (flags & IpFlag.overlap) return 'V';
    if (fragmentsOnly(row)) return 'f';
    return flags & IpFlag.fragment || fragments(row) ? 'F' : ' ';
  };
}

const pairLetter = (src: boolean, dst: boolean, letters: string): string =>
  letters[(src ? 1 : 0) + (dst ? 2 : 0)] as string;

/** Of TCP, the first that applies: s d * sent again by src, dst, both; g gap; i r & out of order. */
function readSequenceLetter(batch: FlowBatch): RowReader<string> {
  const srcAgain = readSentAgain(batch, 'src');
  const dstAgain = readSentAgain(batch, 'dst');
  const gap = readBoth('GapBytes')(batch);
  const srcLate = batch.column('srcOutOfOrder');
  const dstLate = batch.column('dstOutOfOrder');
  return (row) => {
    const again = pairLetter(srcAgain(row) > 0, dstAgain(row) > 0, ' sd*');
    if (again !== ' ') return again;
    return gap(row) ? 'g' : pairLetter(Boolean(srcLate(row)), Boolean(dstLate(row)), ' ir&');
  };
}

// Nine positions, each with its own letters: the text keeps them, blanks behind the last letter are left out.
function readFlags(batch: FlowBatch): RowReader<string> {
  const encapsulation = readEncapsulation(batch);
  const error = readErrorLetter(batch);
  const sequence = readSequenceLetter(batch);
  const fragments = readFragmentLetter(batch);
  const srcIpFlags = batch.column('srcIpFlags');
  const dstIpFlags = batch.column('dstIpFlags');
  const srcZero = batch.column('srcZeroWindows');
  const dstZero = batch.column('dstZeroWindows');
  const srcSilent = batch.column('srcRtpSilences');
  const dstSilent = batch.column('dstRtpSilences');
  const srcCe = batch.column('srcCePackets');
  const dstCe = batch.column('dstCePackets');
  return (row) => {
    const ipFlags = (srcIpFlags(row) ?? 0) | (dstIpFlags(row) ?? 0);
    const link = ipFlags & IpFlag.macChanged ? 'M' : encapsulation(row);
    const silent = pairLetter(Boolean(srcSilent(row)), Boolean(dstSilent(row)), ' sd*');
    const zero = silent === ' ' ? pairLetter(Boolean(srcZero(row)), Boolean(dstZero(row)), ' SD@') : silent;
    const marked = pairLetter(Boolean(srcCe(row)), Boolean(dstCe(row)), ' xtE');
    return ` ${link}${error(row)}${sequence(row)}${zero}${marked}${fragments(row)}${optionLetter(ipFlags)}`.trimEnd();
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
      'letters by position: 2 link (e Ethernet, v VLAN, m MPLS; tunnels: 4 6 by what is inside, G GRE, x VXLAN, g GENEVE, t GTP, L L2TP, T Teredo, y AYIYA, E EtherIP, a IPsec; * several, M several MAC pairs), 3 ICMP error drawn (U unreachable, R redirect, T time exceeded, I other), 4 TCP (s d * sent again by src, dst, both; else g gap; else i r & out of order), 5 zero window (S src, D dst, @ both) or silence in RTP (s src, d dst, * both), 6 congestion (x src, t dst, E both), 7 fragments (F, f without the first, V overlap), 8 IP options (A T R + S U, O several)',
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
