import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { arrangeWords } from '../../../../src/cli/shared/arguments.js';
import { addClientOptions, isDashedValue } from '../../../../src/cli/shared/client-options.js';

const command = addClientOptions(new Command('ra'));
const arrange = (line: string) => arrangeWords(command, line.split(' '), isDashedValue).join(' ');

describe('arrangeWords', () => {
  it('begins the filter at a lone dash', () => {
    expect(arrange('-r a.pan - tcp port 80')).toBe('-ra.pan -- tcp port 80');
    expect(arrange('-n - -')).toBe('-n -- -');
    expect(arrange('- tcp')).toBe('-- tcp');
  });

  it('takes -- for the same', () => {
    expect(arrange('-S host -- not -5')).toBe('-Shost -- not -5');
  });

  it('leaves a dash to the option that needs a value', () => {
    expect(arrange('-r - -n')).toBe('-r- -n');
    expect(arrange('-r - - tcp')).toBe('-r- -- tcp');
    expect(arrange('-w - - icmp')).toBe('-w- -- icmp');
    expect(arrange('-nw - - icmp')).toBe('-n -w- -- icmp');
    expect(arrange('--read - -- tcp')).toBe('-r- -- tcp');
    expect(arrange('-c - -n')).toBe('-c- -n');
  });

  it('begins the filter at a dash behind a list of files', () => {
    expect(arrange('-r a b - tcp')).toBe('-ra -rb -- tcp');
  });

  it('ends a list at the next option', () => {
    expect(arrange('-r a b -w - -t 10:50:00-11:00:00 - src net 10')).toBe(
      '-ra -rb -w- -t10:50:00-11:00:00 -- src net 10',
    );
    expect(arrange('-s stime saddr -M json man -n')).toBe('-sstime -ssaddr -Mjson -Mman -n');
  });

  it('keeps values that begin with a dash', () => {
    expect(arrange('-L -1 -N 10')).toBe('-L-1 -N10');
    expect(arrange('-t -10m')).toBe('-t-10m');
  });

  it('keeps removed fields in the list of fields, but not options', () => {
    expect(arrange('-s +2dur -bytes -n')).toBe('-s+2dur -s-bytes -n');
    expect(arrange('-s -bytes:5 -u')).toBe('-s-bytes:5 -u');
    expect(arrange('-r -bytes -u')).toBe('-r-bytes -u');
    expect(arrange('-r a -bytes')).toBe('-ra -bytes');
  });

  it('passes on what is attached already, and what is unknown', () => {
    expect(arrange('-N10 --read=x -Mjson -q --foo bar')).toBe('-N10 --read=x -Mjson -q --foo bar');
  });

  it('leaves a missing value to commander', () => {
    expect(arrange('-n -N')).toBe('-n -N');
  });

  it('passes an empty value on', () => {
    expect(arrangeWords(command, ['-w', ''])).toEqual(['--write=']);
  });
});
