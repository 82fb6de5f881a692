// The rates as argus prints them, for who compares with it: `-M argus-rates`. Neighbours: volume.ts has our own, the
// command line puts these in their place.
import type { Field } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { durationNs, nsPerSecond, readBoth, sideColumn, spanNs } from './derive.js';
import { volumeFields } from './volume.js';

const bitsPerByte = 8;

/** Seconds of one side; of the record where the side has none. */
function sideSeconds(batch: FlowBatch, side: Side): (row: number) => number {
  const own = spanNs(batch, side);
  const both = durationNs(batch);
  return (row) => (own(row) || both(row) || 0) / nsPerSecond;
}

// A single packet has no rate: 0.
function over(amount: number, packets: number, seconds: number): number {
  return packets < 2 || seconds === 0 ? 0 : amount / seconds;
}

function rate(batch: FlowBatch): NumberReader {
  const [packets, duration] = [readBoth('Packets')(batch), durationNs(batch)];
  return (row) => {
    const count = packets(row) ?? 0;
    return over(count - 1, count, (duration(row) ?? 0) / nsPerSecond);
  };
}

function sideRate(batch: FlowBatch, side: Side): NumberReader {
  const [packets, seconds] = [batch.column(sideColumn(side, 'Packets')), sideSeconds(batch, side)];
  return (row) => {
    const count = packets(row) ?? 0;
    return over(count - 1, count, seconds(row));
  };
}

// Without one mean packet, rounded down.
function sideLoad(batch: FlowBatch, side: Side): (row: number) => number {
  const [packets, bytes] = [
    batch.column(sideColumn(side, 'Packets')),
    batch.column(sideColumn(side, 'Bytes')),
  ];
  const seconds = sideSeconds(batch, side);
  return (row) => {
    const [count, total] = [packets(row) ?? 0, bytes(row) ?? 0];
    return over((total - Math.floor(total / count)) * bitsPerByte, count, seconds(row));
  };
}

// Both sides, each by its own duration.
function load(batch: FlowBatch): NumberReader {
  const sides = (['src', 'dst'] as const).map((side) => ({
    load: sideLoad(batch, side),
    seconds: sideSeconds(batch, side),
  }));
  const duration = durationNs(batch);
  return (row) => {
    const seconds = (duration(row) ?? 0) / nsPerSecond;
    if (seconds === 0) return 0;
    return sides.reduce((sum, side) => sum + side.load(row) * side.seconds(row), 0) / seconds;
  };
}

const readers: Readonly<Record<string, (batch: FlowBatch) => NumberReader>> = {
  rate,
  srate: (batch) => sideRate(batch, 'src'),
  drate: (batch) => sideRate(batch, 'dst'),
  load,
  sload: (batch) => sideLoad(batch, 'src'),
  dload: (batch) => sideLoad(batch, 'dst'),
};

/** By name: what stands in the place of our own field. */
export const argusRates: ReadonlyMap<string, Field> = new Map(
  volumeFields.flatMap((field) => {
    const read = readers[field.name];
    return read ? [[field.name, { ...field, read }] as const] : [];
  }),
);
