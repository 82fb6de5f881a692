// Fields: when the packets of the record came. Neighbour: fields.ts.
import {
  type Field,
  type FieldEntry,
  makeField,
  type RecordTime,
  type RowReader,
  sidedFields,
} from '../field.js';
import type { FlowBatch, NumberReader } from '../flow-batch.js';
import { durationNs, nsPerSecond, scaled, sideColumn, sideEndNs, spanNs } from './derive.js';

type OffsetReader = (batch: FlowBatch) => NumberReader;

// Absolute nanoseconds do not fit a number, so base second and offset stay apart to the end.
function readTime(offsetNs: OffsetReader): (batch: FlowBatch) => RowReader<RecordTime> {
  return (batch) => {
    const start = batch.column('start');
    const offset = offsetNs(batch);
    return (row) => {
      const after = offset(row);
      if (after === undefined) return undefined;
      const ns = (start(row) ?? 0) + after;
      const seconds = Math.floor(ns / nsPerSecond);
      return { seconds: batch.baseSeconds + seconds, nanos: ns - seconds * nsPerSecond };
    };
  };
}

/** RFC 3339 with microseconds and Z. */
const timeWidth = 27;

function timeEntry(
  offsetNs: OffsetReader,
): Pick<FieldEntry, 'width' | 'unit' | 'type' | 'fractional' | 'read' | 'readTime'> {
  const exact = readTime(offsetNs);
  return {
    width: timeWidth,
    unit: 's',
    type: 'time',
    fractional: true,
    readTime: exact,
    read: (batch) => {
      const time = exact(batch);
      return (row) => {
        const at = time(row);
        return at && at.seconds + at.nanos / nsPerSecond;
      };
    },
  };
}

export const timeFields: readonly Field[] = [
  makeField({
    ...timeEntry(() => () => 0),
    name: 'stime',
    label: 'StartTime',
    about: 'time of the first packet of the record',
    missing: 'never',
  }),
  makeField({
    ...timeEntry(durationNs),
    name: 'ltime',
    label: 'LastTime',
    about: 'time of the last packet of the record',
    missing: 'never',
  }),
  makeField({
    name: 'dur',
    label: 'Dur',
    width: 10,
    unit: 's',
    fractional: true,
    about: 'ltime - stime',
    missing: 'never',
    more: 'durations',
    read: (batch) => scaled(durationNs(batch), nsPerSecond),
  }),
  ...sidedFields('dur', ({ side }) => ({
    label: side === 'src' ? 'SrcDur' : 'DstDur',
    width: 10,
    unit: 's',
    fractional: true,
    about: `from the first to the last packet from ${side}`,
    missing: `${side} sent nothing`,
    more: 'durations',
    read: (batch) => scaled(spanNs(batch, side), nsPerSecond),
  })),
  ...sidedFields('stime', ({ side }) => ({
    ...timeEntry((batch) => batch.column(sideColumn(side, 'First'))),
    label: side === 'src' ? 'SrcStartTime' : 'DstStartTime',
    onRequest: true,
    about: `time of the first packet from ${side}`,
    missing: `${side} sent nothing`,
  })),
  ...sidedFields('ltime', ({ side }) => ({
    ...timeEntry((batch) => sideEndNs(batch, side)),
    label: side === 'src' ? 'SrcLastTime' : 'DstLastTime',
    onRequest: true,
    about: `time of the last packet from ${side}`,
    missing: `${side} sent nothing`,
  })),
];
