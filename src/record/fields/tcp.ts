// Fields: TCP. Neighbour: fields.ts.
import { TcpOption, TcpState } from '../columns.js';
import { type Field, makeField, type RowReader, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { nsPerSecond, readSide, scaled, sideColumn } from './derive.js';

// argus's order of TCP flag letters, from bit 0 up: FIN SYN RST PSH ACK URG ECE CWR.
const flagLetters = 'FSRPAUEC';

export function printTcpFlags(flags: number): string {
  let text = '';
  for (let bit = 0; bit < 8; bit++) if ((flags >> bit) & 1) text += flagLetters[bit];
  return text;
}

function readFlags(side: Side): (batch: FlowBatch) => RowReader<string> {
  return (batch) => {
    const flags = batch.column(sideColumn(side, 'TcpFlags'));
    return (row) => {
      const value = flags(row);
      return value === undefined ? undefined : printTcpFlags(value);
    };
  };
}

// argus's positions: M mss, w window scale, s SACK permitted, S SACK, e E (TCP echo), T timestamps, c N O (T/TCP),
// S D (congestion marks of src and dst). Of these what the schema carries; blanks behind the last are left out.
function readOptions(batch: FlowBatch): RowReader<string> {
  const src = batch.column('srcTcpOptions');
  const dst = batch.column('dstTcpOptions');
  const srcCe = batch.column('srcCePackets');
  const dstCe = batch.column('dstCePackets');
  return (row) => {
    const [ofSrc, ofDst] = [src(row), dst(row)];
    if (ofSrc === undefined && ofDst === undefined) return undefined;
    const options = (ofSrc ?? 0) | (ofDst ?? 0);
    const letter = (option: number, text: string): string => (options & option ? text : ' ');
    return (
      letter(TcpOption.mss, 'M') +
      letter(TcpOption.windowScale, 'w') +
      letter(TcpOption.sackPermitted, 's') +
      letter(TcpOption.sack, 'S') +
      '  ' +
      letter(TcpOption.timestamp, 'T') +
      '   ' +
      (srcCe(row) ? 'S' : ' ') +
      (dstCe(row) ? 'D' : ' ')
    ).trimEnd();
  };
}

// Windows are stored as in the header, with a word on whether the offered shift applies (RFC 7323 2.3). The schema
// leaves out the extremes where the window did not vary.
function readWindow(
  side: Side,
  suffix: 'Window' | 'WindowMin' | 'WindowMax',
): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const last = batch.column(sideColumn(side, 'Window'));
    const own = batch.column(sideColumn(side, suffix));
    const shift = batch.column(sideColumn(side, 'WindowShift'));
    const state = batch.column('tcpState');
    const scaledBit = side === 'src' ? TcpState.srcScaled : TcpState.dstScaled;
    return (row) => {
      const window = own(row) ?? last(row);
      if (window === undefined || ((state(row) ?? 0) & scaledBit) === 0) return window;
      return window * 2 ** Math.min(shift(row) ?? 0, 14);
    };
  };
}

const notTcp = 'flows that are not TCP';
const notSent = (side: Side): string => `${side} sent no TCP segment`;
const notSyn = (side: Side): string => `the SYN of ${side} was not seen or did not carry it`;
const noHandshake = 'the handshake was not seen';

export const tcpFields: readonly Field[] = [
  makeField({
    name: 'tcprtt',
    label: 'TcpRtt',
    width: 12,
    unit: 's',
    fractional: true,
    about: 'round trip of the handshake: synack + ackdat',
    missing: noHandshake,
    more: 'the-handshake',
    read: (batch) => {
      const synack = batch.column('synack');
      const ackdat = batch.column('ackdat');
      return (row) => {
        const [first, second] = [synack(row), ackdat(row)];
        return first === undefined || second === undefined ? undefined : (first + second) / nsPerSecond;
      };
    },
  }),
  makeField({
    name: 'synack',
    label: 'SynAck',
    width: 12,
    unit: 's',
    fractional: true,
    about: 'from the first SYN to the first SYN-ACK',
    missing: noHandshake,
    more: 'the-handshake',
    read: (batch) => scaled(batch.column('synack'), nsPerSecond),
  }),
  makeField({
    name: 'ackdat',
    label: 'AckDat',
    width: 12,
    unit: 's',
    fractional: true,
    about: 'from the first SYN-ACK to the ACK that answers it',
    missing: noHandshake,
    more: 'the-handshake',
    read: (batch) => scaled(batch.column('ackdat'), nsPerSecond),
  }),
  ...sidedFields('flags', ({ side }) => ({
    label: side === 'src' ? 'SrcFlags' : 'DstFlags',
    width: 8,
    type: 'text',
    about: `TCP flags that ${side} sent in this record: F S R P A U E C`,
    missing: notSent(side),
    read: readFlags(side),
  })),
  makeField({
    name: 'tcpopt',
    label: 'TcpOpt',
    width: 12,
    type: 'text',
    align: 'left',
    about:
      'TCP options of both sides by position: M mss, w window scale, s SACK permitted, S SACK, T timestamps; S D congestion marks',
    missing: notTcp,
    read: readOptions,
  }),
  ...sidedFields('tcpb', ({ side }) => ({
    label: side === 'src' ? 'SrcTCPBase' : 'DstTCPBase',
    width: 12,
    about: `first sequence number of ${side}, of the SYN where it was seen`,
    missing: notSent(side),
    read: readSide(side, 'TcpBase'),
  })),
  ...sidedFields('mss', ({ side, letter }) => ({
    label: `${letter}Mss`,
    width: 6,
    unit: 'bytes',
    about: `maximum segment size that ${side} offered`,
    missing: notSyn(side),
    more: 'windows',
    read: readSide(side, 'Mss'),
  })),
  ...sidedFields('wscale', ({ side, letter }) => ({
    label: `${letter}WScale`,
    width: 7,
    about: `window shift that ${side} offered (RFC 7323)`,
    missing: notSyn(side),
    more: 'windows',
    read: readSide(side, 'WindowShift'),
  })),
  ...sidedFields('win', ({ side }) => ({
    label: side === 'src' ? 'SrcWin' : 'DstWin',
    width: 8,
    unit: 'bytes',
    about: `last window that ${side} advertised, scaled`,
    missing: notSent(side),
    more: 'windows',
    read: readWindow(side, 'Window'),
  })),
  ...sidedFields('winmin', ({ side }) => ({
    label: side === 'src' ? 'SrcWinMin' : 'DstWinMin',
    width: 9,
    unit: 'bytes',
    about: `smallest window that ${side} advertised, RST excluded`,
    missing: notSent(side),
    more: 'windows',
    read: readWindow(side, 'WindowMin'),
  })),
  ...sidedFields('winmax', ({ side }) => ({
    label: side === 'src' ? 'SrcWinMax' : 'DstWinMax',
    width: 9,
    unit: 'bytes',
    about: `largest window that ${side} advertised, RST excluded`,
    missing: notSent(side),
    more: 'windows',
    read: readWindow(side, 'WindowMax'),
  })),
];
