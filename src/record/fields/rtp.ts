// Fields: RTP streams and what RTCP reports say of them. Neighbour: fields.ts.
import { type Field, type FieldEntry, sidedFields } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';
import { hex8, nsPerMs, quotient, readSide, rtpLoss, scaled, sideColumn } from './derive.js';

const notRtp = 'directions that are not known to be RTP';
const noStream = `${notRtp}; no RTP came`;
const noJitter = `${noStream}; the clock rate is not known (yet)`;
const noReport = 'no RTCP report of this side came in the time of the record';
const noRoundTrip = 'no RTCP report that answers a sender report came in the time of the record';

type Suffix = Parameters<typeof readSide>[1];
type Entry = Pick<FieldEntry, 'about' | 'read'> & Partial<FieldEntry>;

/** One pair of fields; `make` says what differs from a whole number. */
function pair(
  name: string,
  label: string,
  more: string,
  missing: string,
  make: (side: Side, other: Side) => Entry,
): Field[] {
  return sidedFields(name, ({ side, letter, other }) => ({
    label: letter + label,
    width: 9,
    missing,
    more,
    ...make(side, other),
  }));
}

/** A counter of a direction: 0 where it is RTP and nothing moved it. */
function counter(suffix: Suffix): (side: Side) => (batch: FlowBatch) => NumberReader {
  return (side) => (batch) => {
    const known = batch.column(sideColumn(side, 'RtpPackets'));
    const value = batch.column(sideColumn(side, suffix));
    return (row) => (known(row) === undefined ? undefined : value(row));
  };
}

const inMs = (read: (batch: FlowBatch) => NumberReader): Partial<FieldEntry> & Pick<FieldEntry, 'read'> => ({
  unit: 'ms',
  fractional: true,
  width: 10,
  read: (batch) => scaled(read(batch), nsPerMs),
});

/** The mean of a column of sums. */
const mean =
  (sum: Suffix, count: Suffix) =>
  (side: Side) =>
  (batch: FlowBatch): NumberReader =>
    quotient(batch.column(sideColumn(side, sum)), batch.column(sideColumn(side, count)));

const estimatedBit = 2 ** 31;

const streams = 'rtp-streams';
const losses = 'rtp-loss';
const jitter = 'rtp-jitter';
const reports = 'rtcp';

export const rtpFields: readonly Field[] = [
  ...pair('rtppkts', 'RtpPkts', streams, notRtp, (side) => ({
    unit: 'packets',
    about: `RTP packets that ${side} sent, duplicates excluded`,
    read: readSide(side, 'RtpPackets'),
  })),
  ...pair('rtpstreams', 'RtpStreams', streams, notRtp, (side) => ({
    width: 11,
    about: `RTP streams (SSRC) of ${side} that sent something`,
    read: readSide(side, 'RtpStreams'),
  })),
  ...pair('rtpssrc', 'RtpSsrc', streams, noStream, (side) => ({
    width: 10,
    about: `SSRC of the RTP stream of ${side} that sent the most; tables show it in hex`,
    read: readSide(side, 'RtpSsrc'),
    readTable: (batch) => {
      const ssrc = batch.column(sideColumn(side, 'RtpSsrc'));
      return (row) => {
        const value = ssrc(row);
        return value === undefined ? undefined : hex8(value);
      };
    },
  })),
  ...pair('rtppt', 'RtpPt', streams, noStream, (side) => ({
    width: 6,
    about: `payload type of the last packet of that stream of ${side}`,
    read: readSide(side, 'RtpPayloadType'),
  })),
  ...pair('rtploss', 'RtpLoss', losses, notRtp, (side) => ({
    unit: 'packets',
    about: `RTP packets of ${side} that were lost, by their sequence numbers; below 0 where late ones came that the record before had given up`,
    read: (batch) => rtpLoss(batch, side),
  })),
  ...pair('rtpooo', 'RtpOoo', losses, notRtp, (side) => ({
    unit: 'packets',
    about: `RTP packets of ${side} that others overtook on the way`,
    read: counter('RtpOutOfOrder')(side),
  })),
  ...pair('rtpdup', 'RtpDup', losses, notRtp, (side) => ({
    unit: 'packets',
    about: `RTP packets of ${side} that came again`,
    read: counter('RtpDuplicates')(side),
  })),
  ...pair('rtpsil', 'RtpSil', streams, notRtp, (side) => ({
    about: `times at which speech of ${side} began again after a silence, or comfort noise filled it`,
    read: counter('RtpSilences')(side),
  })),
  ...pair('rtprate', 'RtpRate', jitter, `${noStream}; not known (yet)`, (side) => ({
    about: `clock rate of the timestamps of that stream of ${side}, in Hz`,
    read: (batch) => {
      const clock = batch.column(sideColumn(side, 'RtpClock'));
      return (row) => {
        const value = clock(row);
        return value === undefined ? undefined : value % estimatedBit;
      };
    },
  })),
  ...pair('rtprateby', 'RtpRateBy', jitter, `${noStream}; not known (yet)`, (side) => ({
    type: 'text',
    width: 10,
    about: `how the clock rate of ${side} is known: type (RFC 3551), estimate (by watching the timestamps)`,
    read: (batch) => {
      const clock = batch.column(sideColumn(side, 'RtpClock'));
      return (row) => {
        const value = clock(row);
        if (value === undefined) return undefined;
        return value >= estimatedBit ? 'estimate' : 'type';
      };
    },
  })),
  ...pair('rtpjit', 'RtpJit', jitter, noJitter, (side) => ({
    ...inMs(readSide(side, 'RtpJitter')),
    about: `interarrival jitter (RFC 3550) of that stream of ${side} at the end of the record`,
  })),
  ...pair('rtpjitn', 'RtpJitN', jitter, noJitter, (side) => ({
    about: `packets of ${side} of which the jitter was taken`,
    read: readSide(side, 'RtpJitterCount'),
  })),
  ...pair('rtpjitavg', 'RtpJitAvg', jitter, noJitter, (side) => ({
    ...inMs(mean('RtpJitterSum', 'RtpJitterCount')(side)),
    about: `mean of the interarrival jitter after each of these packets of ${side}`,
  })),
  ...pair('rtpjitmax', 'RtpJitMax', jitter, noJitter, (side) => ({
    ...inMs(readSide(side, 'RtpJitterMax')),
    about: `highest interarrival jitter after any of these packets of ${side}`,
  })),
  ...pair('rtcppkts', 'RtcpPkts', reports, 'flows without RTCP of this side', (side) => ({
    unit: 'packets',
    about: `RTCP compounds that ${side} sent`,
    read: readSide(side, 'RtcpPackets'),
  })),
  ...pair('rtcplost', 'RtcpLost', reports, noReport, (side, other) => ({
    unit: 'packets',
    about: `packets of ${side} that ${other} has lost since the stream began, as its last report says`,
    read: (batch) => {
      const lost = batch.column(sideColumn(side, 'RtcpLost'));
      return (row) => {
        const value = lost(row);
        return value === undefined ? undefined : value | 0; // with a sign
      };
    },
  })),
  ...pair('rtcpfrac', 'RtcpFrac', reports, noReport, (side, other) => ({
    unit: '%',
    fractional: true,
    about: `share of the packets of ${side} that ${other} lost between its last two reports`,
    read: (batch) => scaled(batch.column(sideColumn(side, 'RtcpFraction')), 2.56),
  })),
  ...pair('rtcpjit', 'RtcpJit', reports, `${noReport}; the clock rate is not known`, (side, other) => ({
    ...inMs(readSide(side, 'RtcpJitter')),
    about: `interarrival jitter of the packets of ${side} at ${other}, as its last report says`,
  })),
  ...pair('rtcprttn', 'RtcpRttN', reports, noRoundTrip, (side) => ({
    about: `round trips to ${side} that RTCP reports tell of`,
    read: (batch) => {
      const count = batch.column(sideColumn(side, 'RtcpRttCount'));
      return (row) => count(row) || undefined;
    },
  })),
  ...pair('rtcprtt', 'RtcpRtt', reports, noRoundTrip, (side) => ({
    ...inMs(mean('RtcpRttSum', 'RtcpRttCount')(side)),
    about: `mean round trip between the probe and ${side}, by RTCP reports`,
  })),
  ...pair('rtcprttmax', 'RtcpRttMax', reports, noRoundTrip, (side) => ({
    ...inMs(readSide(side, 'RtcpRttMax')),
    about: `longest round trip between the probe and ${side}, by RTCP reports`,
  })),
];
