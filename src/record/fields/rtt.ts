// Fields: round trips between the probe and each end of a flow. Neighbour: fields.ts.
import { RttKind } from '../columns.js';
import { type Field, makeField, type RowReader, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { m2OfThree, nsPerMs, readBoth, readSide, scaled, sideColumn, tcpOnly } from './derive.js';

// The schema leaves out the round trip of a DNS transaction whose first query and first answer are in one record: it is
// the time between them.
function dnsNs(batch: FlowBatch): NumberReader {
  const id = batch.column('dnsId');
  const asked = batch.column('srcFirst');
  const answered = batch.column('dstFirst');
  const askedBefore = batch.column('srcGapLead');
  const answeredBefore = batch.column('dstGapLead');
  return (row) => {
    if (id(row) === undefined) return undefined;
    const [from, to] = [asked(row), answered(row)];
    if (from === undefined || to === undefined || to < from) return undefined;
    return askedBefore(row) === undefined && answeredBefore(row) === undefined ? to - from : undefined;
  };
}

function smallestNs(batch: FlowBatch, side: Side): NumberReader {
  const smallest = batch.column(sideColumn(side, 'RttMin'));
  if (side === 'src') return smallest;
  const ofDns = dnsNs(batch);
  return (row) => smallest(row) ?? ofDns(row);
}

function samples(batch: FlowBatch, side: Side): (row: number) => number {
  const count = batch.column(sideColumn(side, 'RttCount'));
  const ofDns = dnsNs(batch);
  return (row) => count(row) || (side === 'dst' && ofDns(row) !== undefined ? 1 : 0);
}

// The schema leaves out what one sample, or the smaller and the larger of two, say.
function largestNs(batch: FlowBatch, side: Side): NumberReader {
  const smallest = smallestNs(batch, side);
  const largest = batch.column(sideColumn(side, 'RttMax'));
  return (row) => largest(row) ?? smallest(row);
}

export function rttMeanNs(batch: FlowBatch, side: Side): NumberReader {
  const count = batch.column(sideColumn(side, 'RttCount'));
  const sum = batch.column(sideColumn(side, 'RttSum'));
  const smallest = smallestNs(batch, side);
  const largest = largestNs(batch, side);
  return (row) => {
    const known = sum(row);
    if (known !== undefined) return known / (count(row) as number);
    const [least, most] = [smallest(row), largest(row)];
    return least === undefined || most === undefined ? undefined : (least + most) / 2;
  };
}

/** Sum of the squared deviations of the samples from their mean, ns^2. */
export function rttM2(batch: FlowBatch, side: Side): NumberReader {
  const m2 = batch.column(sideColumn(side, 'RttM2'));
  const sum = batch.column(sideColumn(side, 'RttSum'));
  const smallest = smallestNs(batch, side);
  const largest = largestNs(batch, side);
  return (row) => {
    const known = m2(row);
    if (known !== undefined) return known;
    const [least, most, ofThree] = [smallest(row), largest(row), sum(row)];
    if (least === undefined || most === undefined) return undefined;
    return ofThree === undefined ? (most - least) ** 2 / 2 : m2OfThree(least, most, ofThree);
  };
}

function deviationNs(batch: FlowBatch, side: Side): NumberReader {
  const count = batch.column(sideColumn(side, 'RttCount'));
  const m2 = rttM2(batch, side);
  return (row) => {
    const samples = count(row) ?? 0;
    const squares = m2(row);
    return squares === undefined || squares < 0 || samples < 2 ? undefined : Math.sqrt(squares / samples);
  };
}

const kinds = new Map<number, string>([
  [RttKind.echo, 'echo'],
  [RttKind.dns, 'dns'],
  [RttKind.spin, 'spin'],
]);

function readKind(batch: FlowBatch): RowReader<string> {
  const kind = batch.column('rttKind');
  const [toSrc, toDst] = [samples(batch, 'src'), samples(batch, 'dst')];
  const byTimestamp = readBoth('RttByTimestamp')(batch);
  const isTcp = batch.column('tcpState');
  return (row) => {
    const total = toSrc(row) + toDst(row);
    if (total === 0) return undefined;
    if (isTcp(row) === undefined) return kinds.get(kind(row) ?? RttKind.dns);
    const proved = byTimestamp(row) ?? 0;
    if (proved === 0) return 'ack';
    return proved < total ? 'ack+timestamp' : 'timestamp';
  };
}

function inMs(
  name: string,
  label: string,
  about: (side: Side, other: Side) => string,
  missing: string,
  readNs: (batch: FlowBatch, side: Side) => NumberReader,
): Field[] {
  return sidedFields(name, ({ side, letter, other }) => ({
    label: letter + label,
    width: 10,
    unit: 'ms',
    fractional: true,
    about: about(side, other),
    missing,
    more: 'round-trips',
    read: (batch) => scaled(readNs(batch, side), nsPerMs),
  }));
}

const noSample = 'there was no sample in the time of the record';

export const rttFields: readonly Field[] = [
  ...sidedFields('rttn', ({ side, letter, other }) => ({
    label: `${letter}RttN`,
    width: 7,
    about: `round trips to ${side} that were measured: how long it took to answer what ${other} sent`,
    missing: 'flows that are not TCP and had none',
    more: 'round-trips',
    read: (batch) => {
      const count = samples(batch, side);
      const isTcp = batch.column('tcpState');
      return (row) => count(row) || (isTcp(row) === undefined ? undefined : 0);
    },
  })),
  ...inMs(
    'rttmin',
    'RttMin',
    (side) => `shortest round trip between the probe and ${side}`,
    noSample,
    smallestNs,
  ),
  ...inMs('rttavg', 'RttAvg', (side) => `mean round trip between the probe and ${side}`, noSample, rttMeanNs),
  ...inMs(
    'rttmax',
    'RttMax',
    (side) => `longest round trip between the probe and ${side}`,
    noSample,
    largestNs,
  ),
  ...inMs(
    'rttdev',
    'RttDev',
    (side) => `standard deviation of the round trips between the probe and ${side}`,
    'there were less than two samples',
    deviationNs,
  ),
  ...sidedFields('rttbyts', ({ side, letter }) => ({
    label: `${letter}RttByTs`,
    width: 8,
    about: `of ${letter}rttn: those for which TCP timestamps tell what ${side} acknowledged, as its number alone does not`,
    missing: 'flows that are not TCP',
    more: 'round-trips',
    read: tcpOnly(readSide(side, 'RttByTimestamp')),
  })),
  makeField({
    name: 'rttkind',
    label: 'RttKind',
    width: 13,
    type: 'text',
    about:
      'what the round trips were measured by: ack, timestamp, ack+timestamp (TCP), echo, dns, spin (QUIC)',
    missing: noSample,
    more: 'round-trips',
    read: readKind,
  }),
];
