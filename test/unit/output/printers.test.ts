// Records as table, csv and JSON.
import { describe, expect, it } from 'vitest';
import { csvPrinter } from '../../../src/output/csv.js';
import { jsonPrinter } from '../../../src/output/json.js';
import type { PrintOptions, RowPrinter } from '../../../src/output/row-printer.js';
import { defaultColumns, defaultJsonFields, selectFields } from '../../../src/output/select-fields.js';
import { tablePrinter } from '../../../src/output/table.js';
import { icmpRow, makeBatch, type Row, tcpRow, testSeconds, udpRow } from '../support/batches.js';

function options(spec: string[], change: Partial<PrintOptions> = {}): PrintOptions {
  return { fields: selectFields(spec, defaultColumns), numeric: 0, unix: false, precision: 6, ...change };
}

function print(printer: RowPrinter, ...rows: Row[]): string {
  const batch = makeBatch(rows);
  return printer.header() + rows.map((_, index) => printer.row(batch, index)).join('');
}

const table = (spec: string[], change: Partial<PrintOptions>, ...rows: Row[]) =>
  print(tablePrinter(options(spec, change)), ...rows);
const csv = (spec: string[], change: Partial<PrintOptions>, ...rows: Row[]) =>
  print(csvPrinter(options(spec, change)), ...rows);
const json = (spec: string[], change: Partial<PrintOptions>, ...rows: Row[]) =>
  print(jsonPrinter(options(spec, change)), ...rows);

const early = { start: 123_456_789 };

describe('tablePrinter', () => {
  it('prints argus default columns in line', () => {
    expect(table([], {}, tcpRow(early), udpRow(early), icmpRow(early))).toBe(
      [
        '                  StartTime Flgs          Proto            SrcAddr Sport    Dir            DstAddr Dport   TotPkts   TotBytes State',
        '2026-11-24T13:55:27.123456Z  e              tcp           10.0.0.1 40000     ->           10.0.0.2 http         18       9000   FIN',
        '2026-11-24T13:55:27.123456Z  e              udp           10.0.0.1 50000    <->          10.0.0.53 domain        2        166   CON',
        '2026-11-24T13:55:27.123456Z  e             icmp           10.0.0.1 0x0008    ->           10.0.0.9 0x0007        1         98   ECO',
        '',
      ].join('\n'),
    );
  });

  it('gives way to numbers with -n and -nn', () => {
    expect(table(['proto', 'dport'], { numeric: 1 }, udpRow()).split('\n')[1]).toBe('      udp 53');
    expect(table(['proto', 'dport'], { numeric: 2 }, udpRow()).split('\n')[1]).toBe('       17 53');
  });

  it('prints times in seconds with -u and with the digits of -p', () => {
    const rows = (change: Partial<PrintOptions>) => table(['stime', 'dur'], change, tcpRow(early));
    expect(rows({ unix: true })).toBe(`        StartTime        Dur\n${testSeconds}.123456   0.500000\n`);
    expect(rows({ precision: 0 }).split('\n')[1]).toBe('2026-11-24T13:55:27Z          1');
    expect(rows({ precision: 9 }).split('\n')[1]).toBe('2026-11-24T13:55:27.123456789Z 0.500000000');
  });

  it('never cuts a number or an address, and cuts text where a width was given', () => {
    const row = tcpRow({
      kind: 2,
      srcAddress: '2001:db8:1111:2222::1',
      dstAddress: '2001:db8::2',
      srcBytes: 123456789012,
    });
    expect(table(['sbytes:5', 'saddr', 'daddr'], {}, row).split('\n')[1]).toBe(
      '123456789012 2001:db8:1111:2222::1        2001:db8::2',
    );
    expect(table(['saddr:8', 'proto'], {}, row).split('\n')[1]).toBe('2001:db*       tcp');
    expect(
      table(['suser:6', 'duser'], {}, tcpRow({ srcPayload: 'GET / HTTP', dstPayload: 'OK' })).split('\n')[1],
    ).toBe('GET /* OK');
  });

  it('leaves missing values blank', () => {
    expect(table(['sport', 'rate', 'state'], {}, { kind: 3, srcPackets: 1 }).split('\n')[1]).toBe(
      `${' '.repeat(22)}INT`,
    );
  });

  it('puts a character between cells with -c, quoting where it stands in a cell', () => {
    expect(table(['flgs', 'dir', 'saddr', 'suser'], { delimiter: ',' }, udpRow({ srcPayload: 'a,b"' }))).toBe(
      'Flgs,Dir,SrcAddr,srcUdata\n e,<->,10.0.0.1,"a,b"""\n',
    );
  });

  it('abbreviates large amounts with -H, and nothing else', () => {
    const row = tcpRow({ srcBytes: 1_234_567, srcPackets: 999, fid: 1, flowId: 5000 } as Row);
    expect(table(['sbytes', 'spkts', 'fid'], { abbreviate: true }, row).split('\n')[1]).toBe(
      '    1.235M      999         5000',
    );
    expect(table(['sbytes'], { abbreviate: true }, tcpRow({ srcBytes: 999_999_999 })).split('\n')[1]).toBe(
      '        1G',
    );
  });
});

describe('csvPrinter', () => {
  it('prints names, plain values, nothing for what is missing', () => {
    expect(
      csv(['stime', 'proto', 'sport', 'dport', 'rate', 'synack'], {}, tcpRow(early), icmpRow(early)),
    ).toBe(
      [
        'stime,proto,sport,dport,rate,synack',
        '2026-11-24T13:55:27.123456Z,tcp,40000,80,36,0.001',
        '2026-11-24T13:55:27.123456Z,icmp,,,,',
        '',
      ].join('\n'),
    );
  });

  it('quotes as RFC 4180', () => {
    expect(csv(['suser', 'bytes'], {}, udpRow({ srcPayload: 'say "a,b"' }))).toBe(
      'suser,bytes\n"say ""a,b""",166\n',
    );
    expect(csv(['saddr', 'bytes'], { delimiter: ';' }, udpRow())).toBe('saddr;bytes\n10.0.0.1;166\n');
  });
});

describe('jsonPrinter', () => {
  it('prints one object a line without what is missing', () => {
    expect(json(['stime', 'saddr', 'sport', 'rate', 'synack', 'suser'], {}, tcpRow(early), icmpRow())).toBe(
      [
        '{"stime":"2026-11-24T13:55:27.123456Z","saddr":"10.0.0.1","sport":40000,"rate":36,"synack":0.001}',
        '{"stime":"2026-11-24T13:55:27.000000Z","saddr":"10.0.0.1"}',
        '',
      ].join('\n'),
    );
  });

  it('prints times as numbers with -u, exact to the microsecond', () => {
    expect(json(['stime'], { unix: true }, tcpRow(early))).toBe(`{"stime":${testSeconds}.123456}\n`);
  });

  it('prints every field once, however often it is asked for', () => {
    expect(json(['spkts', 'spkt', 'spkts'], {}, tcpRow())).toBe('{"spkts":10}\n');
  });

  it('prints nothing of a record without any of the fields', () => {
    expect(json(['suser'], {}, tcpRow())).toBe('{}\n');
  });

  it('parses, with all fields and hostile payload', () => {
    const rows = [
      tcpRow({ srcPayload: '"\\\u0000\n', dstPayload: '\u00ff</script>' }),
      { kind: 4, srcAddress: '02:00:00:00:00:01', srcGapM2: -1, srcPackets: 3 },
      {},
    ];
    const lines = json([...defaultJsonFields, 'suser', 'duser'], {}, ...rows)
      .trimEnd()
      .split('\n');
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects[0]).toMatchObject({
      spkts: 10,
      dpkts: 8,
      proto: 'tcp',
      dur: 0.5,
      suser: '"\\\\\\x00\\n',
    });
    expect(objects[1]).not.toHaveProperty('sjit');
    expect(objects[2]).toMatchObject({ spkts: 0, dpkts: 0, sbytes: 0, dbytes: 0 });
  });
});
