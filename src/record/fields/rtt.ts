// Fields: round trips between the probe and each end of a TCP connection. Neighbour: fields.ts.
import { type Field, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { nsPerMs, readSide, scaled, sideColumn, tcpOnly } from './derive.js';

// The schema leaves out what one sample, or the smaller and the larger of two, say.
function largestNs(batch: FlowBatch, side: Side): NumberReader {
  const smallest = batch.column(sideColumn(side, 'RttMin'));
  const largest = batch.column(sideColumn(side, 'RttMax'));
  return (row) => largest(row) ?? smallest(row);
}

export function rttMeanNs(batch: FlowBatch, side: Side): NumberReader {
  const mean = batch.column(sideColumn(side, 'RttMean'));
  const smallest = batch.column(sideColumn(side, 'RttMin'));
  const largest = largestNs(batch, side);
  return (row) => {
    const known = mean(row);
    if (known !== undefined) return known;
    const [least, most] = [smallest(row), largest(row)];
    return least === undefined || most === undefined ? undefined : (least + most) / 2;
  };
}

/** Sum of the squared deviations of the samples from their mean, ns^2. */
export function rttM2(batch: FlowBatch, side: Side): NumberReader {
  const m2 = batch.column(sideColumn(side, 'RttM2'));
  const smallest = batch.column(sideColumn(side, 'RttMin'));
  const largest = largestNs(batch, side);
  return (row) => {
    const known = m2(row);
    if (known !== undefined) return known;
    const [least, most] = [smallest(row), largest(row)];
    return least === undefined || most === undefined ? undefined : (most - least) ** 2 / 2;
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

function smallestNs(batch: FlowBatch, side: Side): NumberReader {
  return batch.column(sideColumn(side, 'RttMin'));
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
    about: `round trips to ${side} that were measured: how long it took to acknowledge what ${other} sent`,
    missing: 'flows that are not TCP',
    more: 'round-trips',
    read: tcpOnly(readSide(side, 'RttCount')),
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
];
