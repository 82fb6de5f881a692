// Readers that several groups of the field table build on. Neighbours: columns below, fields/*.ts above.
import type { AddressColumn, ColumnName } from '../columns.js';
import type { RowReader } from '../field.js';
import type { FlowBatch, NumberReader, Side } from '../flow-batch.js';

/** Column names of one side: sideColumn('src', 'Packets') is 'srcPackets'. */
type SideSuffix = ColumnName extends infer Name
  ? Name extends `src${infer Suffix}`
    ? Suffix
    : never
  : never;

export function sideColumn(side: Side, suffix: SideSuffix): ColumnName {
  return `${side}${suffix}`;
}

/** A column of one side as it is. */
export function readSide(side: Side, suffix: SideSuffix): (batch: FlowBatch) => NumberReader {
  const name = sideColumn(side, suffix);
  return (batch) => batch.column(name);
}

/** A counter of both sides, added. */
export function readBoth(suffix: SideSuffix): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const src = batch.column(sideColumn('src', suffix));
    const dst = batch.column(sideColumn('dst', suffix));
    return (row) => (src(row) ?? 0) + (dst(row) ?? 0);
  };
}

/** ns above START of one side's last packet; missing if it sent none. */
export function sideEndNs(batch: FlowBatch, side: Side): NumberReader {
  const first = batch.column(sideColumn(side, 'First'));
  const span = batch.column(sideColumn(side, 'Span'));
  return (row) => {
    const start = first(row);
    return start === undefined ? undefined : start + (span(row) ?? 0);
  };
}

/** Nanoseconds from the first to the last packet of a side; the schema leaves out that it is 0 for a single packet. */
export function spanNs(batch: FlowBatch, side: Side): NumberReader {
  const first = batch.column(sideColumn(side, 'First'));
  const span = batch.column(sideColumn(side, 'Span'));
  return (row) => (first(row) === undefined ? undefined : (span(row) ?? 0));
}

/** ns from the first to the last packet of the record, of either side. */
export function durationNs(batch: FlowBatch): RowReader<number> {
  const src = sideEndNs(batch, 'src');
  const dst = sideEndNs(batch, 'dst');
  return (row) => Math.max(src(row) ?? 0, dst(row) ?? 0);
}

export const nsPerSecond = 1e9;
export const nsPerMs = 1e6;

/** A reader in another unit. */
export function scaled(read: NumberReader, divisor: number): NumberReader {
  return (row) => {
    const value = read(row);
    return value === undefined ? undefined : value / divisor;
  };
}

export function quotient(upper: NumberReader, lower: NumberReader): NumberReader {
  return (row) => {
    const divisor = lower(row);
    const value = upper(row);
    return value === undefined || !divisor ? undefined : value / divisor;
  };
}

/** What is measured of TCP alone: missing in other records. Counters that nothing moved are 0. */
export function tcpOnly(read: (batch: FlowBatch) => NumberReader): (batch: FlowBatch) => NumberReader {
  return (batch) => {
    const state = batch.column('tcpState');
    const value = read(batch);
    return (row) => (state(row) === undefined ? undefined : value(row));
  };
}

/** RTP packets of one side that are missing by their sequence numbers; missing itself where it is not known to be RTP. */
export function rtpLoss(batch: FlowBatch, side: Side): NumberReader {
  const received = batch.column(sideColumn(side, 'RtpPackets'));
  const expected = batch.column(sideColumn(side, 'RtpExpected'));
  return (row) => {
    const count = received(row);
    return count === undefined ? undefined : (expected(row) ?? 0) - count;
  };
}

/** Segments of one side that were sent again: the first one was seen, or was lost before the probe. */
export function readSentAgain(batch: FlowBatch, side: Side): (row: number) => number {
  const seen = batch.column(sideColumn(side, 'Retrans'));
  const lost = batch.column(sideColumn(side, 'LostBefore'));
  return (row) => (seen(row) ?? 0) + (lost(row) ?? 0);
}

/** What a UDP flow was found to carry. */
export function readRtp(batch: FlowBatch): (row: number) => 'rtp' | 'rtcp' | undefined {
  const rtp = [batch.column('srcRtpPackets'), batch.column('dstRtpPackets')];
  const rtcp = [batch.column('srcRtcpPackets'), batch.column('dstRtcpPackets')];
  const isThere = (columns: typeof rtp, row: number) => columns.some((read) => read(row) !== undefined);
  return (row) => (isThere(rtp, row) ? 'rtp' : isThere(rtcp, row) ? 'rtcp' : undefined);
}

export const ipProtocol = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, sctp: 132 } as const;

/** Types of destination unreachable, time exceeded and redirect (RFC 792; RFC 4443, RFC 4861). */
export function icmpErrorTypes(isIpv6: boolean): readonly [number, number, number] {
  return isIpv6 ? [1, 3, 137] : [3, 11, 5];
}

/** Whether a record holds nothing but fragments whose first was never seen, so that ports or ICMP type are not known. */
export function readFragmentsOnly(batch: FlowBatch): (row: number) => boolean {
  const fragments = readBoth('Fragments')(batch);
  const packets = readBoth('Packets')(batch);
  const protocol = batch.column('protocol');
  const srcPort = batch.column('srcPort');
  const dstPort = batch.column('dstPort');
  const icmpType = batch.column('icmpType');
  return (row) => {
    const count = fragments(row) ?? 0;
    if (count === 0 || count !== packets(row)) return false;
    const number = protocol(row);
    if (number === ipProtocol.icmp || number === ipProtocol.icmp6) return icmpType(row) === undefined;
    return srcPort(row) === 0 && dstPort(row) === 0;
  };
}

/** An address as text. */
export function readAddress(name: Side | AddressColumn): (batch: FlowBatch) => RowReader<string> {
  return (batch) => {
    const text = batch.addressText(name);
    return (row) => text(row) || undefined;
  };
}

/** A number of 32 bits in hex. */
export function hex8(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

/** Sum of the squared deviations of three values from their mean, of which the extremes and the sum are known. */
export function m2OfThree(least: number, most: number, sum: number): number {
  const mean = sum / 3;
  const middle = sum - least - most;
  return (least - mean) ** 2 + (middle - mean) ** 2 + (most - mean) ** 2;
}
