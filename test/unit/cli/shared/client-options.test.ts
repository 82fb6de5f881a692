import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { arrangeWords } from '../../../../src/cli/shared/arguments.js';
import {
  addClientOptions,
  type ClientOptions,
  isDashedValue,
  readClientOptions,
} from '../../../../src/cli/shared/client-options.js';
import { usageMessage } from '../../../../src/cli/shared/program.js';

function parse(line: string): ClientOptions {
  const command = addClientOptions(new Command('ra'))
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  let options: ClientOptions | undefined;
  command.action((words: string[]) => {
    options = readClientOptions(command.opts(), words);
  });
  command.parse(arrangeWords(command, line.split(' '), isDashedValue), { from: 'user' });
  if (!options) throw new Error('the action did not run');
  return options;
}

describe('the options of a client', () => {
  it('read a published command line', () => {
    const options = parse('-S probe1 -s ltime saddr daddr spkts - icmp and (dst pkts eq 0 or not echo)');
    expect(options.sources.map((source) => source.kind)).toEqual(['server']);
    expect(options.fields).toEqual(['ltime', 'saddr', 'daddr', 'spkts']);
    expect(options.filterText).toBe('icmp and (dst pkts eq 0 or not echo)');
    expect(options.filter.kind).toBe('and');
  });

  it('have defaults', () => {
    expect(parse('-r a')).toMatchObject({
      sources: [{ kind: 'file', path: 'a' }],
      filter: { kind: 'all' },
      fields: [],
      numeric: 0,
      unix: false,
      format: 'table',
      man: false,
      argusRates: false,
      headerEvery: 0,
      abbreviate: false,
      limit: { skip: 0, take: Number.POSITIVE_INFINITY },
    });
    expect(parse('-r a')).not.toHaveProperty('write');
  });

  it('read how captures are decoded, and refuse it where there are none', () => {
    expect(parse('-r a').decode).toEqual({});
    expect(
      parse('-r a --max-tunnels 0 --max-fragments 10 --fragment-timeout 2.5 --tcp-holes 64').decode,
    ).toEqual({
      maxTunnels: 0,
      maxFragments: 10,
      fragmentTimeout: 2.5,
      tcpHoles: 64,
    });
    expect(() => parse('-S probe1 --max-tunnels 3')).toThrow('--max-tunnels is for captures');
    expect(() => parse('-S probe1 --max-tunnels 3 --tcp-holes 9')).toThrow(
      '--max-tunnels, --tcp-holes are for captures',
    );
    for (const wrong of [
      '--max-tunnels 65',
      '--max-fragments 1.5',
      '--fragment-timeout 0',
      '--tcp-holes 65',
    ]) {
      expect(() => parse(`-r a ${wrong}`)).toThrow('number from');
    }
  });

  it('read several files and servers', () => {
    const { sources } = parse('-r a b -S one -S two:9999 -r c');
    expect(sources.map((source) => (source.kind === 'file' ? source.path : source.url.host))).toEqual([
      ...['a', 'b', 'c'],
      ...['one:561', 'two:9999'],
    ]);
  });

  it('count -n, together or apart, up to three', () => {
    expect(parse('-r a -nn').numeric).toBe(2);
    expect(parse('-n -r a -n -nu -n')).toMatchObject({ numeric: 3, unix: true });
  });

  it('read modes in one list or several', () => {
    expect(parse('-r a -M json man')).toMatchObject({ format: 'json', man: true });
    expect(parse('-r a -M man -M csv')).toMatchObject({ format: 'csv', man: true });
    expect(parse('-r a -M json,man')).toMatchObject({ format: 'json', man: true });
    expect(parse('-r a -M json,argus-rates')).toMatchObject({ format: 'json', argusRates: true });
  });

  it('split fields at commas', () => {
    expect(parse('-r a -s saddr,daddr -s +2dur -bytes').fields).toEqual([
      'saddr',
      'daddr',
      '+2dur',
      '-bytes',
    ]);
  });

  it('read counts, headers, digits, delimiters and times', () => {
    expect(parse('-r a -N 5-6 -L -1 -p 2 -c , -H -t 1700000000+60s')).toMatchObject({
      limit: { skip: 4, take: 2 },
      headerEvery: -1,
      precision: 2,
      delimiter: ',',
      abbreviate: true,
      range: { from: 1700000000, to: 1700000060 },
    });
    expect(parse('-r a -c \\t').delimiter).toBe('\t');
  });

  it.each([
    ['-n', 'there is nothing to read'],
    ['-r a -M jason', "unknown mode 'jason' for -M, did you mean 'json'?"],
    ['-r a -M json csv', 'records are printed as json or as csv, not as both'],
    ['-r a - tcp prt 80', "unknown word 'prt' at 5, did you mean 'port'?"],
    ['-S host:99999', "'99999' is no port"],
    ['-r a -N x', "'x' is no record count for -N"],
    ['-r a -t x', "'x' is no time range for -t"],
    ['-r a -q', "unknown option '-q'"],
    ['-r a --raed b', "unknown option '--raed'"],
    ['-r a -p 10', 'a whole number from 0 to 9 is needed'],
    ['-r a -L x', 'a whole number from -1'],
    ['-r a -c ,,', 'one character is needed'],
    ['-r a -N', "option '-N, --count <count>' argument missing"],
  ])('refuse %j: %s', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it('refuse words that stand where no filter can', () => {
    expect(() => parse('-S host tcp')).toThrow("unexpected word 'tcp'");
  });
});

describe('usageMessage', () => {
  it('speaks like the other errors do', () => {
    expect(usageMessage("error: unknown option '--raed'\n(Did you mean --read?)")).toBe(
      "unknown option '--raed', did you mean '--read'?",
    );
    expect(usageMessage("error: unknown option '-q'")).toBe("unknown option '-q'");
  });
});
