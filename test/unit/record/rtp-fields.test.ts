// Fields and filter words of RTP and RTCP, from columns.
import { describe, expect, it } from 'vitest';
import { findField } from '../../../src/record/fields.js';
import { makeBatch, type Row, tcpRow, udpRow } from '../support/batches.js';
import { selected } from '../support/selected.js';

const value = (row: Row, name: string) => findField(name)?.read(makeBatch([row]))(0);
const values = (row: Row, ...names: string[]) => names.map((name) => value(row, name));

/** A call: src has sent RTP of which two packets are missing, dst nothing yet. */
const call = udpRow({
  srcPackets: 101,
  srcRtpPackets: 98,
  srcRtpExpected: 100,
  srcRtpStreams: 1,
  srcRtpSsrc: 0xdeadbeef,
  srcRtpPayloadType: 0,
  srcRtpClock: 8000,
  srcRtpJitter: 2_500_000,
  srcRtpJitterCount: 4,
  srcRtpJitterSum: 6_000_000,
  srcRtpJitterMax: 3_000_000,
});
const onlyRtcp = udpRow({ srcRtcpPackets: 3, dstRtcpPackets: 0 });

describe('RTP', () => {
  it('is the protocol where a direction is known to be it, RTCP where only that is there', () => {
    expect(value(call, 'proto')).toBe('rtp');
    expect(value(udpRow({ dstRtpPackets: 0, srcRtcpPackets: 1 }), 'proto')).toBe('rtp');
    expect(value(onlyRtcp, 'proto')).toBe('rtcp');
    expect(value(udpRow(), 'proto')).toBe('udp');
    expect(findField('proto')?.readTable?.(makeBatch([call]), 2)(0)).toBe('17');
  });

  it('is lost by sequence numbers, which is the loss of the flow', () => {
    expect(values(call, 'srtppkts', 'srtploss', 'sloss', 'loss')).toEqual([98, 2, 2, 2]);
    expect(values(call, 'drtploss', 'dloss', 'dploss')).toEqual([undefined, undefined, undefined]);
    expect(value(call, 'sploss')).toBeCloseTo((100 * 2) / (101 + 2), 9);
    const both = { ...call, dstPackets: 9, dstRtpPackets: 9, dstRtpExpected: 12 };
    expect(values(both, 'dloss', 'loss')).toEqual([3, 5]);
    expect(values(udpRow(), 'sloss', 'loss', 'ploss')).toEqual([undefined, undefined, undefined]);
    expect(value(tcpRow({ srcRetrans: 4 }), 'sloss')).toBe(4);
  });

  it('that comes late makes the loss of its record negative, and no share of it', () => {
    const late = udpRow({ srcPackets: 10, srcRtpPackets: 10, srcRtpExpected: 9 });
    expect(values(late, 'srtploss', 'sloss', 'sploss')).toEqual([-1, -1, 0]);
  });

  it('has counters of 0 where it is known, and none elsewhere', () => {
    expect(values(call, 'srtpooo', 'srtpdup', 'srtpsil')).toEqual([0, 0, 0]);
    expect(values(call, 'drtpooo', 'drtpdup', 'drtpsil')).toEqual([undefined, undefined, undefined]);
  });

  it('says how its clock rate is known', () => {
    expect(values(call, 'srtprate', 'srtprateby')).toEqual([8000, 'type']);
    const watched = udpRow({ srcRtpPackets: 1, srcRtpClock: 2 ** 31 + 48_000 });
    expect(values(watched, 'srtprate', 'srtprateby')).toEqual([48_000, 'estimate']);
    expect(values(udpRow({ srcRtpPackets: 1 }), 'srtprate', 'srtprateby')).toEqual([undefined, undefined]);
  });

  it('gives jitter in ms, and the SSRC in hex in tables', () => {
    expect(values(call, 'srtpjit', 'srtpjitn', 'srtpjitavg', 'srtpjitmax')).toEqual([2.5, 4, 1.5, 3]);
    expect(values(call, 'srtpssrc', 'srtppt', 'srtpstreams')).toEqual([0xdeadbeef, 0, 1]);
    expect(findField('srtpssrc')?.readTable?.(makeBatch([call]), 0)(0)).toBe('0xdeadbeef');
  });

  it('has letters for silences, before those of closed windows', () => {
    const flags = (row: Row) => value(udpRow({ srcMac: '02:00:00:00:00:01', ...row }), 'flgs');
    expect(flags({ srcRtpPackets: 9, srcRtpSilences: 1 })).toBe(' e  s');
    expect(flags({ dstRtpPackets: 9, dstRtpSilences: 1 })).toBe(' e  d');
    expect(flags({ srcRtpSilences: 2, dstRtpSilences: 1 })).toBe(' e  *');
  });

  it('is found by words that leave it UDP', () => {
    const rows = { call, onlyRtcp, mux: { ...call, dstRtcpPackets: 2 }, other: udpRow(), tcp: tcpRow() };
    expect(selected(rows, 'rtp')).toEqual(['call', 'mux']);
    expect(selected(rows, 'rtcp')).toEqual(['onlyRtcp', 'mux']);
    expect(selected(rows, 'udp and not rtp and not rtcp')).toEqual(['other']);
    expect(selected(rows, 'src rtploss gt 1 and rtpjit gt 2ms')).toEqual(['call', 'mux']);
    expect(selected(rows, 'loss gt 0')).toEqual(['call', 'mux']);
  });
});

describe('RTCP', () => {
  it('says of each side what the other reported', () => {
    const row = udpRow({
      srcRtcpPackets: 0,
      dstRtcpPackets: 2,
      srcRtcpLost: 7,
      srcRtcpFraction: 64,
      srcRtcpJitter: 5_000_000,
      dstRtcpRttCount: 2,
      dstRtcpRttSum: 30_000_000,
      dstRtcpRttMax: 20_000_000,
    });
    expect(values(row, 'srtcppkts', 'drtcppkts')).toEqual([0, 2]);
    expect(values(row, 'srtcplost', 'srtcpfrac', 'srtcpjit')).toEqual([7, 25, 5]);
    expect(values(row, 'drtcprttn', 'drtcprtt', 'drtcprttmax')).toEqual([2, 15, 20]);
    expect(values(row, 'drtcplost', 'drtcpfrac', 'srtcprttn', 'srtcprtt')).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('can report less than nothing lost', () => {
    expect(value(udpRow({ srcRtcpLost: 2 ** 32 - 3, srcRtcpFraction: 0 }), 'srtcplost')).toBe(-3);
  });
});
