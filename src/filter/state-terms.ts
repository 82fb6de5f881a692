// Tests of protocols, TCP flags, options and states, causes. They say yes or no of every row: a flow
// without TCP is not `syn`. Called by compile.ts.
import {
  Cause,
  type ColumnName,
  EndReason,
  FlowKind,
  IpFlag,
  TcpOption,
  TcpState,
} from '../record/columns.js';
import { readFragmentsOnly, readSentAgain } from '../record/fields/derive.js';
import type { FlowBatch, Side } from '../record/flow-batch.js';
import type { ClassWord, FilterOf, SideStateWord, StateWord } from './ast.js';
import { icmpStateTest } from './icmp-terms.js';
import { onSides } from './sides.js';
import { always, never, no, type RowTest, rowTest, yes } from './truth.js';

const icmp4 = 1;
const icmp6 = 58;
const tcp = 6;

/** Does the column hold one of these values? Missing: no. */
function isOneOf(batch: FlowBatch, column: ColumnName, ...wanted: number[]): RowTest {
  const read = batch.column(column);
  const [only] = wanted;
  if (wanted.length === 1) return (row) => (read(row) === only ? yes : no);
  return (row) => (wanted.includes(read(row) ?? -1) ? yes : no);
}

/** Does the column have any of these bits? Missing: no. */
function hasBit(batch: FlowBatch, column: ColumnName, bits: number): RowTest {
  const read = batch.column(column);
  return (row) => (((read(row) ?? 0) & bits) !== 0 ? yes : no);
}

export function protocolTest(batch: FlowBatch, filter: FilterOf<'protocol'>): RowTest {
  return isOneOf(batch, 'protocol', filter.number);
}

export function classTest(batch: FlowBatch, word: ClassWord): RowTest {
  switch (word) {
    case 'ip':
      return isOneOf(batch, 'kind', FlowKind.ipv4, FlowKind.ipv6);
    case 'ipv4':
      return isOneOf(batch, 'kind', FlowKind.ipv4);
    case 'ipv6':
      return isOneOf(batch, 'kind', FlowKind.ipv6);
    case 'icmp':
      return isOneOf(batch, 'protocol', icmp4, icmp6);
    case 'arp':
      return isOneOf(batch, 'kind', FlowKind.arp);
    case 'rarp':
      return isOneOf(batch, 'kind', FlowKind.rarp);
    case 'vlan':
      return vlanTest(batch, undefined);
    case 'man':
      return never;
    case 'far':
      return always;
  }
}

const ethertypeOfKind = new Map<number, number>([
  [FlowKind.ipv4, 0x0800],
  [FlowKind.ipv6, 0x86dd],
  [FlowKind.arp, 0x0806],
  [FlowKind.rarp, 0x8035],
]);

export function ethertypeTest(batch: FlowBatch, filter: FilterOf<'ethertype'>): RowTest {
  const kind = batch.column('kind');
  const ethertype = batch.column('ethertype');
  return (row) => ((ethertypeOfKind.get(kind(row) ?? 0) ?? ethertype(row)) === filter.number ? yes : no);
}

/** Any 802.1Q tag of the flow: the tag columns of both ends and the inner one. */
export function vlanTest(batch: FlowBatch, id: number | undefined): RowTest {
  const tags = (['srcVlan', 'dstVlan', 'innerVlan'] as const).map((name) => batch.column(name));
  return (row) => {
    for (const tag of tags) {
      const value = tag(row);
      if (value !== undefined && (id === undefined || (value & 0xfff) === id)) return yes;
    }
    return no;
  };
}

export function tunnelTest(batch: FlowBatch, type: number): RowTest {
  return isOneOf(batch, 'tunnelType', type);
}

export function portTest(batch: FlowBatch, { sides, low, high }: FilterOf<'port'>): RowTest {
  return onSides(sides, (side) => {
    const read = batch.column(side === 'src' ? 'srcPort' : 'dstPort');
    return (row) => {
      const port = read(row);
      return port !== undefined && port >= low && port <= high ? yes : no;
    };
  });
}

const tcpFlags = new Map<SideStateWord, number>([
  ['fin', 1],
  ['syn', 2],
  ['rst', 4],
  ['push', 8],
  ['ack', 16],
  ['urg', 32],
  ['ece', 64],
  ['cwr', 128],
]);
const tcpOptions = new Map<SideStateWord, number>([
  ['mss', TcpOption.mss],
  ['wscale', TcpOption.windowScale],
  ['selackok', TcpOption.sackPermitted],
  ['selack', TcpOption.sack],
  ['tcptimestamp', TcpOption.timestamp],
  ['tcpopt', -1],
]);

const oddFragments = new Map<SideStateWord, number>([
  ['tinyfrag', IpFlag.tinyFragment],
  ['overlap', IpFlag.overlap],
  ['dupfrag', IpFlag.duplicateFragment],
]);

export function sideStateTest(batch: FlowBatch, { sides, word }: FilterOf<'side-state'>): RowTest {
  return onSides(sides, (side) => oneSideState(batch, side, word));
}

function oneSideState(batch: FlowBatch, side: Side, word: SideStateWord): RowTest {
  const flag = tcpFlags.get(word);
  if (flag !== undefined) return hasBit(batch, `${side}TcpFlags`, flag);
  const option = tcpOptions.get(word);
  if (option !== undefined) return hasBit(batch, `${side}TcpOptions`, option);
  if (word === 'frag') return isPositive(batch, `${side}Fragments`);
  const odd = oddFragments.get(word);
  if (odd !== undefined) return hasBit(batch, `${side}IpFlags`, odd);
  if (word === 'winshut') return isPositive(batch, `${side}ZeroWindows`);
  if (word === 'outoforder') return isPositive(batch, `${side}OutOfOrder`);
  if (word === 'retrans') {
    const sentAgain = readSentAgain(batch, side);
    return rowTest((row) => sentAgain(row) > 0);
  }
  return isPositive(batch, `${side}CePackets`);
}

function isPositive(batch: FlowBatch, column: ColumnName): RowTest {
  const read = batch.column(column);
  return (row) => ((read(row) ?? 0) > 0 ? yes : no);
}

const causeOfWord = new Map<StateWord, number>([
  ['start', Cause.start],
  ['status', Cause.status],
  ['stop', Cause.end],
]);
const reasonOfWord = new Map<StateWord, number>([
  ['answered', EndReason.answered],
  ['timeout', EndReason.idle],
  ['evicted', EndReason.evicted],
  ['reused', EndReason.reused],
  ['shutdown', EndReason.shutdown],
]);
export function stateTest(batch: FlowBatch, word: StateWord): RowTest {
  const cause = causeOfWord.get(word);
  if (cause !== undefined) return isOneOf(batch, 'cause', cause);
  const reason = reasonOfWord.get(word);
  if (reason !== undefined) return isOneOf(batch, 'reason', reason);
  const icmp = icmpStateTest(batch, word);
  if (icmp) return icmp;
  switch (word) {
    case 'multipath':
      return onSides('either', (side) => hasBit(batch, `${side}IpFlags`, IpFlag.macChanged));
    case 'icmpmap':
      return isPositive(batch, 'icmpErrors');
    case 'fragonly':
      return rowTest(readFragmentsOnly(batch));
    case 'tunnel':
      return isThere(batch, 'tunnelType');
    case 'quic':
      return isThere(batch, 'quicVersion');
    case 'rtp':
      return onSides('either', (side) => isThere(batch, `${side}RtpPackets`));
    case 'rtcp':
      return onSides('either', (side) => isThere(batch, `${side}RtcpPackets`));
    case 'mpls':
      return onSides('either', (side) => isThere(batch, `${side}Mpls`));
    case 'est':
      return establishedTest(batch);
    default:
      return tcpStateTest(batch, word);
  }
}

function isThere(batch: FlowBatch, column: ColumnName): RowTest {
  const read = batch.column(column);
  return rowTest((row) => read(row) !== undefined);
}

/** TCP: the handshake was completed. Others: both ends sent. */
function establishedTest(batch: FlowBatch): RowTest {
  const protocol = batch.column('protocol');
  const state = batch.column('tcpState');
  const [fromSrc, fromDst] = [batch.column('srcPackets'), batch.column('dstPackets')];
  return (row) => {
    if (protocol(row) === tcp) return ((state(row) ?? 0) & TcpState.established) !== 0 ? yes : no;
    return (fromSrc(row) ?? 0) > 0 && (fromDst(row) ?? 0) > 0 ? yes : no;
  };
}

function tcpStateTest(batch: FlowBatch, word: StateWord): RowTest {
  const fins = TcpState.srcFin | TcpState.dstFin;
  const acked = TcpState.srcFinAcked | TcpState.dstFinAcked;
  const resets = TcpState.srcRst | TcpState.dstRst;
  switch (word) {
    case 'synack':
      return hasBit(batch, 'tcpState', TcpState.synAck);
    case 'finack':
      return hasBit(batch, 'tcpState', acked);
    case 'normal':
      return stateWhere(batch, (bits) => (bits & acked) === acked && (bits & resets) === 0);
    default: // wait: one end has said FIN, the connection is not yet closed
      return stateWhere(
        batch,
        (bits) => (bits & fins) !== 0 && (bits & acked) !== acked && (bits & resets) === 0,
      );
  }
}

function stateWhere(batch: FlowBatch, holds: (bits: number) => boolean): RowTest {
  const read = batch.column('tcpState');
  return (row) => (holds(read(row) ?? 0) ? yes : no);
}
