// The table of columns is the schema's.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as schema from '../../../src/record/columns.js';

const proto = readFileSync(new URL('../../../proto/panoptes.proto', import.meta.url), 'utf8');

function enumText(name: string): string {
  return new RegExp(`enum ${name} \\{(.*?)\\}`, 's').exec(proto)?.[1] ?? '';
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Entries without the one for 0. */
function enumEntries(name: string, prefix: string): [string, number][] {
  return [...enumText(name).matchAll(/(\w+) = (\d+);/g)]
    .map(([, entry = '', value]): [string, number] => [camelCase(entry.replace(prefix, '')), Number(value)])
    .filter(([, value]) => value !== 0);
}

describe('the table of columns', () => {
  it('has the ids, counters and doubles of ColumnId', () => {
    const expected = [...enumText('ColumnId').matchAll(/^ *([A-Z]\w+) = (\d+);(?: *\/\/ (.*))?$/gm)]
      .filter(([, name]) => name !== 'COLUMN_UNSPECIFIED')
      .map(([, name = '', id, about = '']) => [
        camelCase(name),
        { id: Number(id), counter: about.startsWith('counter'), float: /_(M2|MEAN)$/.test(name) },
      ]);
    expect(expected.length).toBeGreaterThan(80);
    expect(Object.entries(schema.columns)).toEqual(expected);
  });

  it.each([
    ['Cause', 'CAUSE_', schema.Cause],
    ['EndReason', 'REASON_', schema.EndReason],
    ['FlowKind', 'KIND_', schema.FlowKind],
    ['Evidence', 'EVIDENCE_', schema.Evidence],
    ['TcpState', 'TCP_', schema.TcpState],
    ['TcpOption', 'OPTION_', schema.TcpOption],
    ['IpFlag', 'IP_FLAG_', schema.IpFlag],
    ['TunnelType', 'TUNNEL_', schema.TunnelType],
  ])('has the values of %s', (name, prefix, values) => {
    expect(Object.entries(values).filter(([, value]) => value !== 0)).toEqual(enumEntries(name, prefix));
  });
});
