// Fields: what happened to the segments of a TCP connection: lost, sent again, late, held up. Neighbour: fields.ts.
import { type Field, makeField, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { nsPerMs, readBoth, readSide, rtpLoss, scaled, sideColumn, tcpOnly } from './derive.js';

const notTcp = 'flows that are not TCP';
const notCounted = 'flows that are neither TCP nor RTP';

/** A counter of each side as it is in its column. */
function counters(
  name: string,
  label: string,
  suffix: Parameters<typeof readSide>[1],
  more: string,
  about: (side: Side, other: Side) => string,
  unit: 'packets' | 'bytes' | 'none' = 'packets',
): Field[] {
  return sidedFields(name, ({ side, letter, other }) => ({
    label: letter + label,
    width: unit === 'bytes' ? 10 : 8,
    unit,
    about: about(side, other),
    missing: notTcp,
    more,
    read: tcpOnly(readSide(side, suffix)),
  }));
}

/** Of TCP: resends that were needed, and resends of what was lost before the probe. */
function tcpLoss(batch: FlowBatch, side: Side): NumberReader {
  const retrans = batch.column(sideColumn(side, 'Retrans'));
  const spurious = batch.column(sideColumn(side, 'Spurious'));
  const lostBefore = batch.column(sideColumn(side, 'LostBefore'));
  return (row) => Math.max((retrans(row) ?? 0) - (spurious(row) ?? 0), 0) + (lostBefore(row) ?? 0);
}

/** Of TCP, or of RTP by its sequence numbers. */
function sideLoss(batch: FlowBatch, side: Side): NumberReader {
  const state = batch.column('tcpState');
  const [tcp, rtp] = [tcpLoss(batch, side), rtpLoss(batch, side)];
  return (row) => (state(row) === undefined ? rtp(row) : tcp(row));
}

function totalLoss(batch: FlowBatch): NumberReader {
  const src = sideLoss(batch, 'src');
  const dst = sideLoss(batch, 'dst');
  return (row) => {
    const [fromSrc, fromDst] = [src(row), dst(row)];
    return fromSrc === undefined ? fromDst : fromSrc + (fromDst ?? 0);
  };
}

function percentOf(
  loss: (batch: FlowBatch) => NumberReader,
  packets: (batch: FlowBatch) => NumberReader,
): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const lost = loss(batch);
    const seen = packets(batch);
    return (row) => {
      const count = seen(row);
      const value = lost(row);
      if (value === undefined || !count) return undefined;
      const missed = Math.max(value, 0); // RTP that came late makes up for the record before
      return (100 * missed) / (count + missed);
    };
  };
}

const percentLost = sidedFields('ploss', ({ side, letter }) => ({
  label: side === 'src' ? 'pSrcLoss' : 'pDstLoss',
  width: 9,
  unit: '%',
  fractional: true,
  about: `share of what ${side} sent that was lost: 100 * ${letter}loss / (${letter}pkts + ${letter}loss)`,
  missing: `${notCounted}; ${side} sent nothing`,
  more: 'loss',
  read: percentOf((batch) => sideLoss(batch, side), readSide(side, 'Packets')),
}));

export const lossFields: readonly Field[] = [
  makeField({
    name: 'loss',
    label: 'Loss',
    width: 8,
    unit: 'packets',
    about:
      'packets of both sides that were lost: TCP segments that were sent again, RTP by its sequence numbers',
    missing: notCounted,
    more: 'loss',
    read: totalLoss,
  }),
  ...sidedFields('loss', ({ side, letter }) => ({
    label: side === 'src' ? 'SrcLoss' : 'DstLoss',
    width: 8,
    unit: 'packets',
    about: `packets of ${side} that were lost. TCP: ${letter}retrans - ${letter}spur + ${letter}lostup; RTP: ${letter}rtploss`,
    missing: notCounted,
    more: 'loss',
    read: (batch) => sideLoss(batch, side),
  })),
  makeField({
    name: 'ploss',
    label: 'pLoss',
    width: 9,
    unit: '%',
    fractional: true,
    about: 'share of all packets that were lost: 100 * loss / (pkts + loss)',
    missing: `${notCounted}; records without packets`,
    more: 'loss',
    read: percentOf(totalLoss, readBoth('Packets')),
  }),
  // argus sorts by these names.
  ...percentLost.map((field) => ({ ...field, aliases: [`p${field.name[0]}loss`] })),
  makeField({
    name: 'retrans',
    label: 'Retrans',
    width: 8,
    unit: 'packets',
    about: 'retransmissions of both sides: segments with data, SYN or FIN that were seen before',
    missing: notTcp,
    more: 'retransmissions',
    read: tcpOnly(readBoth('Retrans')),
  }),
  ...counters(
    'retrans',
    'Retrans',
    'Retrans',
    'retransmissions',
    (side) => `retransmissions: segments of ${side} with data, SYN or FIN that were seen before`,
  ),
  ...counters(
    'rbytes',
    'RetrBytes',
    'RetransBytes',
    'retransmissions',
    (side) => `payload bytes from ${side} that were seen before`,
    'bytes',
  ),
  ...counters(
    'synrep',
    'SynRep',
    'SynRepeats',
    'retransmissions',
    (side) => `of the retransmissions of ${side}: SYN or SYN-ACK`,
  ),
  ...counters(
    'spur',
    'Spurious',
    'Spurious',
    'spurious-retransmissions',
    (side, other) => `of the retransmissions of ${side}: not needed, ${other} had all of it already`,
  ),
  ...counters(
    'lostup',
    'LostUp',
    'LostBefore',
    'lost-before-the-probe',
    (side) =>
      `segments of ${side} that were sent again because the first was lost before it came to the probe`,
  ),
  ...counters(
    'fast',
    'FastRetr',
    'FastRetrans',
    'why-a-segment-was-sent-again',
    (side) => `of what ${side} sent again: after duplicate ACKs or SACK`,
  ),
  ...counters(
    'rto',
    'Rto',
    'TimeoutRetrans',
    'why-a-segment-was-sent-again',
    (side) => `of what ${side} sent again: after a timeout`,
  ),
  ...counters(
    'ooo',
    'OutOrder',
    'OutOfOrder',
    'out-of-order',
    (side) => `segments of ${side} that others overtook on the way; none was sent again`,
  ),
  ...counters(
    'jump',
    'Jumps',
    'TcpJumps',
    'jumps',
    (side) => `segments of ${side} that began beyond the next number: something before them was missing then`,
  ),
  ...counters(
    'dupack',
    'DupAck',
    'DupAcks',
    'duplicate-acks',
    (side) => `duplicate ACKs that ${side} sent: something is missing there`,
  ),
  ...counters(
    'gap',
    'GapBytes',
    'GapBytes',
    'gaps',
    (side, other) => `bytes from ${side} that ${other} acknowledged and the capture never saw`,
    'bytes',
  ),
  ...counters(
    'keep',
    'KeepAliv',
    'KeepAlives',
    'keep-alives',
    (side) => `keep-alives that ${side} sent, probes of a closed window with them`,
  ),
  ...counters(
    'zwin',
    'ZeroWin',
    'ZeroWindows',
    'closed-windows',
    (side) => `segments in which ${side} advertised a window of 0 (SYN, FIN and RST excluded)`,
  ),
  ...sidedFields('zwms', ({ side, letter }) => ({
    label: `${letter}ZeroWinMs`,
    width: 12,
    unit: 'ms',
    fractional: true,
    about: `time in which the window of ${side} was closed: it took no data`,
    missing: notTcp,
    more: 'closed-windows',
    read: tcpOnly((batch) => scaled(batch.column(sideColumn(side, 'Stalled')), nsPerMs)),
  })),
  ...counters(
    'stray',
    'Stray',
    'TcpStrays',
    'strays-and-resyncs',
    (side) => `segments of ${side} that belong to an older connection with the same ports`,
  ),
  ...counters(
    'resync',
    'Resync',
    'TcpResyncs',
    'strays-and-resyncs',
    (side) => `times at which the sequence numbers of ${side} went elsewhere without a SYN`,
    'none',
  ),
];
