// The words of -s.
import { describe, expect, it } from 'vitest';
import { defaultColumns, defaultJsonFields, selectFields } from '../../../src/output/select-fields.js';
import { findField } from '../../../src/record/fields.js';

const defaults = ['stime', 'saddr', 'bytes'];

function names(...spec: string[]): string {
  return selectFields(spec, defaults)
    .map(({ field, width }) => (width === field.width ? field.name : `${field.name}:${width}`))
    .join(' ');
}

describe('selectFields', () => {
  it.each<[string[], string]>([
    [[], 'stime saddr bytes'],
    [['dur', 'pkts'], 'dur pkts'],
    [['dur,pkts state'], 'dur pkts state'],
    [['saddr:40', 'bytes'], 'saddr:40 bytes'],
    [['+dur'], 'stime saddr bytes dur'],
    [['+2dur'], 'stime dur saddr bytes'],
    [['+1dur', '+99pkts'], 'dur stime saddr bytes pkts'],
    [['+2dur:7', '-bytes'], 'stime dur:7 saddr'],
    [['-saddr', 'state'], 'stime bytes state'],
    [['-dur'], 'stime saddr bytes'],
    [['spkt'], 'spkts'],
  ])('makes of %j: %s', (spec, expected) => {
    expect(names(...spec)).toBe(expected);
  });

  it.each<[string[], string]>([
    [['sprot'], "unknown field 'sprot', did you mean 'sport'?"],
    [['+2dru'], "unknown field '2dru'"],
    [['xyzzy'], "unknown field 'xyzzy'"],
    [['2dur'], "unknown field '2dur'"],
    [['dur:0'], "bad width '0'"],
    [['dur:x'], "bad width 'x'"],
    [['dur:'], "bad width ''"],
    [['dur:10:%s'], "bad width '10:%s'"],
    [[':5'], "unknown field ''"],
    [['-stime', '-saddr', '-bytes'], 'no fields are left'],
  ])('refuses %j', (spec, message) => {
    expect(() => selectFields(spec, defaults)).toThrow(message);
    expect(() => selectFields(spec, defaults)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('cuts text only where a width was given, and payload always', () => {
    const cut = selectFields(['saddr', 'saddr:10', 'suser'], defaults).map((selection) => selection.cut);
    expect(cut).toEqual([false, true, true]);
  });

  it('has defaults that are fields, payload not among those of JSON', () => {
    for (const name of [...defaultColumns, ...defaultJsonFields]) expect(findField(name)?.name).toBe(name);
    expect(defaultJsonFields).not.toContain('suser');
    expect(defaultJsonFields).toEqual(
      expect.arrayContaining([
        'spkts',
        'dpkts',
        'sbytes',
        'dbytes',
        'saddr',
        'daddr',
        'sport',
        'dport',
        'proto',
      ]),
    );
  });
});
