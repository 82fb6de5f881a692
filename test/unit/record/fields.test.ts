// Values of fields, from records whose numbers can be worked out by hand.
import { describe, expect, it } from 'vitest';
import { IpFlag, RttKind, TunnelType } from '../../../src/record/columns.js';
import { fieldGroups, fieldNames, fields, findField, sides } from '../../../src/record/fields.js';
import {
  icmpRow,
  makeBatch,
  type Row,
  refusedRow,
  tcpRow,
  testSeconds,
  tunnelRow,
  udpRow,
} from '../support/batches.js';

function field(name: string, row: Row): unknown {
  const found = findField(name);
  if (!found) throw new Error(name);
  return found.read(makeBatch([row]))(0);
}

function values(row: Row, ...names: string[]): unknown[] {
  return names.map((name) => field(name, row));
}

const silent: Row = { srcFirst: 0, srcSpan: 0, srcPackets: 1, srcBytes: 60 };

describe('the field table', () => {
  it('names every field once, aliases included', () => {
    expect(new Set(fieldNames).size).toBe(fieldNames.length);
    expect(fieldGroups.flatMap((group) => group.fields)).toEqual([...fields.values()]);
  });

  it('reads every field of a record that has nothing', () => {
    const batch = makeBatch([{}]);
    for (const each of fields.values()) {
      const value = each.read(batch)(0);
      if (typeof value === 'number') expect(value, each.name).not.toBeNaN();
      each.readTable?.(batch, 0)(0);
      each.readTime?.(batch)(0);
    }
  });

  it('finds fields by name and alias', () => {
    expect(findField('spkts')).toBe(findField('spkt'));
    expect(findField('prt')).toBeUndefined();
  });

  it('knows both sides of a word, but not of words that speak of the record', () => {
    expect(sides('bytes')?.map((each) => each.name)).toEqual(['sbytes', 'dbytes']);
    expect(sides('jitter')?.map((each) => each.name)).toEqual(['sjit', 'djit']);
    for (const word of ['dur', 'stime', 'ltime', 'user', 'addr', 'xyz']) expect(sides(word)).toBeUndefined();
  });
});

describe('time', () => {
  it('is that of the first and last packet of either side, exact to the nanosecond', () => {
    const row = tcpRow({
      start: 1_000_000_001,
      srcFirst: 5,
      srcSpan: 100,
      dstFirst: 0,
      dstSpan: 2_999_999_999,
    });
    const at = (name: string) => findField(name)?.readTime?.(makeBatch([row]))(0);
    expect(at('stime')).toEqual({ seconds: testSeconds + 1, nanos: 1 });
    expect(at('ltime')).toEqual({ seconds: testSeconds + 4, nanos: 0 });
    expect(at('sstime')).toEqual({ seconds: testSeconds + 1, nanos: 6 });
    expect(at('sltime')).toEqual({ seconds: testSeconds + 1, nanos: 106 });
    expect(values(row, 'dur', 'sdur', 'ddur')).toEqual([2.999999999, 1e-7, 2.999999999]);
    expect(field('stime', row)).toBeCloseTo(testSeconds + 1, 6);
  });

  it('has no duration and no time of a side that sent nothing', () => {
    expect(values(silent, 'dur', 'sdur', 'ddur', 'dstime', 'dltime')).toEqual([
      0,
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('volume', () => {
  it('divides bits and packets by the duration of the record', () => {
    const row = tcpRow({ srcSpan: 2_000_000_000 });
    expect(values(row, 'pkts', 'bytes', 'appbytes')).toEqual([18, 9000, 7800]);
    expect(values(row, 'rate', 'srate', 'drate')).toEqual([9, 5, 4]);
    expect(values(row, 'load', 'sload', 'dload')).toEqual([36000, 4000, 32000]);
    expect(values(row, 'smeansz', 'dmeansz')).toEqual([100, 1000]);
    expect(field('pcr', row)).toBeCloseTo(-7200 / 7800, 12);
  });

  it('has no rate without a duration, but a rate of 0 for a side that sent nothing', () => {
    expect(values(silent, 'rate', 'load', 'srate', 'sload')).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(values({ ...silent, srcPackets: 2, srcSpan: 1e9 }, 'drate', 'dload', 'srate')).toEqual([0, 0, 2]);
    expect(values(silent, 'dmeansz', 'pcr', 'dpkts')).toEqual([undefined, undefined, 0]);
  });
});

describe('timing', () => {
  // Gaps of 30, 10, 1, 239 and 120 ms: mean 80, deviation 90.02 (argus printed 3807).
  const gaps = [30, 10, 1, 239, 120];
  const m2 = gaps.reduce((sum, gap) => sum + (gap - 80) ** 2, 0) * 1e12;
  const extremes = { dstGapM2: m2, dstGapMin: 1e6, dstGapMax: 239e6 };

  it('gives mean, deviation and extremes of the gaps in ms', () => {
    const row = tcpRow({ dstPackets: 6, dstSpan: 400e6, ...extremes });
    expect(values(row, 'dintpkt', 'dintpktmin', 'dintpktmax')).toEqual([80, 1, 239]);
    expect(field('djit', row)).toBeCloseTo(90.02, 2);
  });

  it('counts the gap to the record before', () => {
    const row = tcpRow({ dstPackets: 5, dstSpan: 370e6, dstGapLead: 30e6, ...extremes });
    expect(field('dintpkt', row)).toBe(80);
    expect(field('djit', row)).toBeCloseTo(90.02, 2);
  });

  it('has extremes but no deviation of a single gap, and nothing of none', () => {
    const one = udpRow({ srcPackets: 2, srcSpan: 5e6 });
    expect(values(one, 'sintpkt', 'sintpktmin', 'sintpktmax', 'sjit')).toEqual([5, 5, 5, undefined]);
    expect(values(udpRow(), 'sintpkt', 'sintpktmin', 'sjit')).toEqual([undefined, undefined, undefined]);
    expect(field('sintpkt', udpRow({ srcPackets: 1, srcGapLead: 7e6 }))).toBe(7);
    expect(field('sintpkt', udpRow({ srcPackets: 0 }))).toBeUndefined();
  });
});

describe('TCP', () => {
  it('gives the handshake in seconds, and nothing of half of it', () => {
    expect(values(tcpRow(), 'synack', 'ackdat', 'tcprtt')).toEqual([0.001, 0.0005, 0.0015]);
    const { ackdat: _, ...half } = tcpRow();
    expect(values(half, 'synack', 'ackdat', 'tcprtt')).toEqual([0.001, undefined, undefined]);
  });

  it('gives the last window as extreme where it did not vary', () => {
    expect(values(tcpRow({ srcWindowMin: 10 }), 'swin', 'swinmin', 'swinmax', 'dwinmin')).toEqual([
      65535, 10, 65535, 32768,
    ]);
  });

  it('prints flags in argus order and options by position', () => {
    expect(values(tcpRow({ srcTcpFlags: 0x13, dstTcpFlags: 0xff }), 'sflags', 'dflags')).toEqual([
      'FSA',
      'FSRPAUEC',
    ]);
    expect(field('tcpopt', tcpRow({ srcTcpOptions: 3, dstTcpOptions: 16, dstCePackets: 1 }))).toBe(
      'Mw    T    D',
    );
    expect(field('tcpopt', tcpRow({ srcTcpOptions: 5 }))).toBe('M s');
    expect(field('tcpopt', udpRow())).toBeUndefined();
  });
});

describe('losses, order and stalls of TCP', () => {
  const counters = {
    ...{ retrans: 'Retrans', rbytes: 'RetransBytes', synrep: 'SynRepeats', spur: 'Spurious' },
    ...{ lostup: 'LostBefore', fast: 'FastRetrans', rto: 'TimeoutRetrans', ooo: 'OutOfOrder' },
    ...{ dupack: 'DupAcks', gap: 'GapBytes', keep: 'KeepAlives', zwin: 'ZeroWindows' },
    ...{ stray: 'TcpStrays', resync: 'TcpResyncs', jump: 'TcpJumps' },
  };

  it.each(Object.entries(counters))(
    's%s and its pair are 0 where nothing happened, missing where it is not TCP',
    (name, column) => {
      expect(values(tcpRow({ [`src${column}`]: 3 }), `s${name}`, `d${name}`)).toEqual([3, 0]);
      expect(values(tcpRow({ [`dst${column}`]: 4 }), `s${name}`, `d${name}`)).toEqual([0, 4]);
      expect(values(udpRow(), `s${name}`, `d${name}`)).toEqual([undefined, undefined]);
    },
  );

  const lossy = { srcRetrans: 5, srcSpurious: 2, srcLostBefore: 1, dstLostBefore: 2 };

  it('lost is what had to be sent again, wherever it was lost', () => {
    expect(values(tcpRow(lossy), 'sloss', 'dloss', 'loss', 'retrans')).toEqual([4, 2, 6, 5]);
    expect(values(tcpRow(), 'sloss', 'dloss', 'loss', 'retrans')).toEqual([0, 0, 0, 0]);
    expect(values(udpRow(), 'sloss', 'loss', 'retrans', 'sploss', 'ploss')).toEqual([
      ...[undefined, undefined, undefined, undefined, undefined],
    ]);
  });

  it('the share lost is of packets seen and lost, and missing where there are none', () => {
    expect(values(tcpRow(lossy), 'sploss', 'dploss', 'ploss')).toEqual([400 / 14, 20, 25]);
    expect(values(tcpRow(), 'sploss', 'dploss', 'ploss')).toEqual([0, 0, 0]);
    expect(values(tcpRow({ ...lossy, dstPackets: 0 }), 'dloss', 'dploss')).toEqual([2, undefined]);
    expect(field('ploss', tcpRow({ srcPackets: 0, dstPackets: 0 }))).toBeUndefined();
    expect(findField('psloss')).toBe(findField('sploss'));
  });

  it('a batch that contradicts itself gives no negative loss', () => {
    expect(field('sloss', tcpRow({ srcRetrans: 1, srcSpurious: 9 }))).toBe(0);
  });

  it('gives the time of a closed window in ms', () => {
    expect(values(tcpRow({ dstStalled: 1_500_000 }), 'szwms', 'dzwms')).toEqual([0, 1.5]);
    expect(field('szwms', udpRow())).toBeUndefined();
  });
});

describe('round trips', () => {
  const names = ['srttn', 'srttmin', 'srttavg', 'srttmax', 'srttdev'];

  it('are none without samples, of TCP and of others', () => {
    expect(values(tcpRow(), ...names)).toEqual([0, undefined, undefined, undefined, undefined]);
    expect(values(udpRow(), ...names)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('say all by the smallest where there is one, by both extremes where there are two', () => {
    expect(values(tcpRow({ srcRttCount: 1, srcRttMin: 3e6 }), ...names)).toEqual([1, 3, 3, 3, undefined]);
    const two = tcpRow({ srcRttCount: 2, srcRttMin: 3e6, srcRttMax: 7e6 });
    expect(values(two, ...names)).toEqual([2, 3, 5, 7, 2]);
  });

  const ofDst = names.map((name) => name.replace('s', 'd'));

  it('say all by extremes and sum where there are three, to each end its own', () => {
    // 10, 20 and 60 ms: mean 30, squared deviations 400 + 100 + 900.
    const row = tcpRow({ dstRttCount: 3, dstRttMin: 10e6, dstRttMax: 60e6, dstRttSum: 90e6 });
    expect(values(row, ...ofDst).slice(0, 4)).toEqual([3, 10, 30, 60]);
    expect(field('drttdev', row)).toBeCloseTo(Math.sqrt(1400 / 3), 9);
    expect(field('srttavg', row)).toBeUndefined();
  });

  it('of four and more have the squares stored', () => {
    // 10, 20, 30 and 60 ms: mean 30, squared deviations 400 + 100 + 0 + 900.
    const many = { dstRttCount: 4, dstRttMin: 10e6, dstRttMax: 60e6, dstRttSum: 120e6, dstRttM2: 1400e12 };
    expect(values(tcpRow(many), ...ofDst).slice(0, 4)).toEqual([4, 10, 30, 60]);
    expect(field('drttdev', tcpRow(many))).toBeCloseTo(Math.sqrt(1400 / 4), 9);
  });

  it('of ICMP and QUIC say what they were measured by', () => {
    const ping = icmpRow({ dstRttCount: 2, dstRttMin: 3e6, dstRttMax: 7e6, rttKind: RttKind.echo });
    expect(values(ping, ...ofDst, 'rttkind')).toEqual([2, 3, 5, 7, 2, 'echo']);
    const quic = udpRow({ srcRttCount: 1, srcRttMin: 4e6, rttKind: RttKind.spin });
    expect(values(quic, 'srttavg', 'drttn', 'rttkind')).toEqual([4, undefined, 'spin']);
    expect(values(icmpRow(), 'drttn', 'rttkind')).toEqual([undefined, undefined]);
  });

  it('of TCP say whether acknowledged data or timestamps told them', () => {
    const kind = (change: Row) => field('rttkind', tcpRow({ srcRttCount: 3, dstRttCount: 1, ...change }));
    expect(kind({})).toBe('ack');
    expect(kind({ dstRttByTimestamp: 1 })).toBe('ack+timestamp');
    expect(kind({ dstRttByTimestamp: 1, srcRttByTimestamp: 3 })).toBe('timestamp');
    expect(values(tcpRow({ dstRttByTimestamp: 1 }), 'srttbyts', 'drttbyts', 'rttkind')).toEqual([
      0,
      1,
      undefined,
    ]);
    expect(field('drttbyts', udpRow())).toBeUndefined();
  });

  it('of DNS are the time from the first query to the first answer', () => {
    const dns = (change: Row = {}) => udpRow({ dnsId: 7, srcFirst: 1e6, dstFirst: 21e6, ...change });
    expect(values(dns(), ...ofDst, 'rttkind')).toEqual([1, 20, 20, 20, undefined, 'dns']);
    expect(values(dns(), ...names)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    for (const unknown of [
      { dstFirst: undefined },
      { srcFirst: undefined },
      { srcGapLead: 5e9 }, // the first query is in an earlier record
      { dstGapLead: 5e9 }, // so is the first answer
      { dnsId: undefined },
      { dstFirst: 0 }, // time ran backwards
    ]) {
      expect(values(dns(unknown), 'drttn', 'drttavg', 'rttkind')).toEqual([undefined, undefined, undefined]);
    }
    const later = dns({ srcGapLead: 5e9, dstRttCount: 1, dstRttMin: 6e9, rttKind: RttKind.dns });
    expect(values(later, 'drttn', 'drttavg', 'rttkind')).toEqual([1, 6000, 'dns']);
  });
});

describe('identity and network layer', () => {
  it('prints ports as numbers and has none of ICMP; tables name services and show ICMP in hex', () => {
    const table = (name: string, row: Row, numeric: 0 | 1) =>
      findField(name)?.readTable?.(makeBatch([row]), numeric)(0);
    expect(values(udpRow(), 'sport', 'dport')).toEqual([50000, 53]);
    expect(values(icmpRow(), 'sport', 'dport', 'icmptype', 'icmpcode', 'icmpid')).toEqual([
      undefined,
      undefined,
      8,
      0,
      7,
    ]);
    expect(table('dport', udpRow(), 0)).toBe('domain');
    expect(table('dport', udpRow(), 1)).toBe('53');
    expect(table('sport', udpRow(), 0)).toBe('50000');
    expect(table('sport', icmpRow(), 1)).toBe('0x0008');
    expect(table('sport', icmpRow({ icmpType: 3, icmpCode: 1 }), 1)).toBe('0x0103');
    expect(table('dport', icmpRow(), 1)).toBe('0x0007');
  });

  it('names protocols of all kinds of flows', () => {
    const proto = (row: Row) => field('proto', row);
    expect([tcpRow(), udpRow(), icmpRow()].map(proto)).toEqual(['tcp', 'udp', 'icmp']);
    expect([58, 50, 253].map((protocol) => proto({ kind: 2, protocol }))).toEqual([
      'ipv6-icmp',
      'esp',
      '253',
    ]);
    expect([proto({ kind: 3 }), proto({ kind: 5 })]).toEqual(['arp', 'rarp']);
    expect([0x88cc, 0x4242, 0x1234].map((ethertype) => proto({ kind: 4, ethertype }))).toEqual([
      'lldp',
      'stp',
      '0x1234',
    ]);
    const numeric = findField('proto')?.readTable?.(makeBatch([tcpRow(), { kind: 3 }]), 2);
    expect([numeric?.(0), numeric?.(1)]).toEqual(['6', 'arp']);
  });

  it('splits a VLAN tag into id and priority', () => {
    expect(values(tcpRow({ srcVlan: 0xa064 }), 'svlan', 'svid', 'svpri', 'dvlan')).toEqual([
      100,
      100,
      5,
      undefined,
    ]);
  });

  it('names the differentiated services', () => {
    expect([0, 0xb8, 0x28, 0x92, 0x04].map((srcTos) => field('sdsb', tcpRow({ srcTos })))).toEqual([
      'cs0',
      'ef',
      'af11',
      'af42',
      '1',
    ]);
    expect(field('ddsb', tcpRow())).toBeUndefined();
  });

  it('gives the last TTL as extreme where it did not vary', () => {
    expect(values(tcpRow({ srcTtlMin: 60 }), 'sttl', 'sttlmin', 'sttlmax')).toEqual([64, 60, 64]);
  });

  it('says cause, reason and evidence in words', () => {
    expect(values(tcpRow(), 'cause', 'reason', 'evidence')).toEqual(['end', 'fin', 'syn']);
    expect(values({ cause: 2 }, 'cause', 'reason', 'evidence')).toEqual(['status', undefined, undefined]);
  });

  it('numbers records, unless a filter took some out', () => {
    const batch = makeBatch([tcpRow(), udpRow()], { firstRecord: 1025 });
    const seq = findField('seq');
    expect(seq?.read(batch)(1)).toBe(1026);
    const filtered = { ...batch, parts: { ...batch.parts, filteredRows: 1 } };
    expect(seq?.read(filtered as typeof batch)(1)).toBeUndefined();
  });

  it('prints payload so that the bytes can be had back', () => {
    expect(field('suser', tcpRow({ srcPayload: 'a\\b\r\n\t\x00\x7f\xff"' }))).toBe(
      'a\\\\b\\r\\n\\t\\x00\\x7f\\xff"',
    );
    expect(field('duser', tcpRow())).toBeUndefined();
  });
});

describe('tunnels', () => {
  it('are named with their id, their outer addresses of either family, and their depth', () => {
    const names = ['tun', 'tunid', 'tsaddr', 'tdaddr', 'tundepth'];
    expect(values(tunnelRow(), ...names)).toEqual(['vxlan', 4096, '192.0.2.1', '192.0.2.2', 1]);
    const six = tunnelRow({
      tunnelType: TunnelType.fourin6,
      tunnelId: undefined,
      tunnelSrc: '2001:db8::1',
      tunnelDst: '2001:db8::2',
      tunnelDepth: 3,
    });
    expect(values(six, ...names)).toEqual(['4in6', undefined, '2001:db8::1', '2001:db8::2', 3]);
    expect(values(six, 'saddr', 'daddr')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(values(tcpRow(), ...names)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('that this version does not know are numbers', () => {
    expect(field('tun', tunnelRow({ tunnelType: 99 }))).toBe('99');
  });

  it('leave labels, indexes and versions to fields of their own', () => {
    const row = tcpRow({ srcMpls: 1048575, spi: 0xc0ffee01, quicVersion: 1 });
    expect(values(row, 'smpls', 'dmpls', 'spi', 'quicver')).toEqual([1048575, undefined, 0xc0ffee01, 'v1']);
  });

  it.each([
    [1, 'v1'],
    [0x6b3343cf, 'v2'],
    [0xff00001d, 'draft-29'],
    [0xff000022, 'draft-34'],
    [0x51303433, '0x51303433'],
    [0x0a0a0a0a, '0x0a0a0a0a'],
  ])('speak QUIC version 0x%x as %s', (quicVersion, expected) => {
    expect(field('quicver', udpRow({ quicVersion }))).toBe(expected);
  });

  it('show the index of ESP where argus does', () => {
    const esp: Row = { kind: 1, protocol: 50, srcAddress: '10.0.0.1', dstAddress: '10.0.0.2', spi: 0xabc };
    const dport = findField('dport')?.readTable?.(makeBatch([esp]), 0)(0);
    expect(dport).toBe('0x00000abc');
    expect(field('dport', esp)).toBeUndefined();
    expect(findField('spi')?.readTable?.(makeBatch([esp]), 0)(0)).toBe('0x00000abc');
  });
});

describe('ICMP errors', () => {
  it('are told with the flow that drew them', () => {
    const names = ['icmptype', 'icmpcode', 'icmperrs', 'inode'];
    expect(values(refusedRow({ icmpErrors: 4 }), ...names)).toEqual([3, 3, 4, '10.0.0.254']);
    expect(values(refusedRow({ inode: '2001:db8::9' }), 'inode')).toEqual(['2001:db8::9']);
    expect(values(udpRow(), ...names)).toEqual([undefined, undefined, 0, undefined]);
  });

  it('of a ping do not hide what the ping is', () => {
    const row = icmpRow({ icmpErrors: 1, icmpErrorType: 11, icmpErrorCode: 0, inode: '10.0.0.254' });
    expect(values(row, 'icmptype', 'icmpcode', 'icmperrs', 'state')).toEqual([8, 0, 1, 'ECO']);
  });

  it('can stand alone in a record', () => {
    const row = refusedRow({
      ...{ srcFirst: undefined, srcSpan: undefined, srcPackets: 0, srcBytes: 0, srcAppBytes: 0 },
      start: 2_000_000_000,
    });
    expect(values(row, 'pkts', 'dur', 'rate', 'icmperrs')).toEqual([0, 0, undefined, 1]);
    expect(field('stime', row)).toBe(testSeconds + 2);
    expect(field('ltime', row)).toBe(testSeconds + 2);
  });
});

describe('fragments', () => {
  it('say what is odd about them', () => {
    const flags = IpFlag.fragment | IpFlag.tinyFragment | IpFlag.duplicateFragment;
    expect(values(udpRow({ srcIpFlags: flags }), 'sfragf', 'dfragf')).toEqual(['tiny+duplicate', undefined]);
    expect(field('dfragf', udpRow({ dstIpFlags: IpFlag.overlap }))).toBe('overlap');
    expect(field('sfragf', udpRow({ srcIpFlags: IpFlag.fragment }))).toBeUndefined();
  });
});

describe('copies made by the capture', () => {
  it('are counted for each side', () => {
    expect(values(tcpRow({ dstDuplicates: 3 }), 'sdup', 'ddup')).toEqual([0, 3]);
  });
});
