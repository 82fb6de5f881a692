import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  addFileOptions,
  addLinkOptions,
  listed,
  probeOptionsOf,
  type RawProbeOptions,
  servePlanOf,
  sourcesOf,
} from '../../../src/cli/probe-options.js';
import { arrangeWords } from '../../../src/cli/shared/arguments.js';

function read(line: string): { raw: RawProbeOptions; filter: string[] } {
  const command = addFileOptions(addLinkOptions(new Command('probe')))
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  command.action(() => undefined);
  command.parse(arrangeWords(command, line.split(' ')), { from: 'user' });
  return { raw: command.opts<RawProbeOptions>(), filter: command.args };
}

test('reads a command line as argus users write it', () => {
  const { raw, filter } = read('-i eth0 -i eth1 -P 561 -B 0.0.0.0 -S 10 -U 128 -e sensor - not port 22');
  const { sources, words } = sourcesOf(raw);
  expect(words).toBe('eth0 and eth1');
  expect(servePlanOf(raw)).toEqual({ port: 561, host: '0.0.0.0' });
  expect(probeOptionsOf(raw, sources, filter)).toMatchObject({
    sources: [
      { kind: 'interface', name: 'eth0' },
      { kind: 'interface', name: 'eth1' },
    ],
    filter: 'not port 22',
    statusInterval: 10,
    payloadBytes: 128,
    promiscuous: true,
  });
});

test('the limits of decoding reach the probe, and only those that are given', () => {
  const given = read('-i eth0 --max-tunnels 2 --max-fragments 0 --fragment-timeout 30 --tcp-holes 16').raw;
  expect(probeOptionsOf(given, [], [])).toMatchObject({
    maxTunnels: 2,
    maxFragments: 0,
    fragmentTimeout: 30,
    tcpHoles: 16,
  });
  expect(probeOptionsOf(read('-i eth0').raw, [], [])).not.toHaveProperty('maxTunnels');
  expect(() => read('-i eth0 --max-tunnels many')).toThrow('number from 0 to 64');
});

test('what waits for the output is bounded in bytes alone where that is given', () => {
  const given = read('-i eth0 --queue 256').raw;
  expect(probeOptionsOf(given, [], [])).toMatchObject({ queueBytes: 256 << 20, queueBatches: 65_536 });
  expect(probeOptionsOf(read('-i eth0').raw, [], [])).not.toHaveProperty('queueBatches');
  expect(() => read('-i eth0 --queue 0')).toThrow('number from 1 to 2047');
});

test('how much payload is kept reaches the probe, by port and masked', () => {
  const given = read('-i eth0 -U 80=256,32 --mask-payload').raw;
  expect(probeOptionsOf(given, [], [])).toMatchObject({
    payloadBytes: 32,
    payloadRules: [{ ports: [80, 80], bytes: 256 }],
    maskPayload: true,
  });
  expect(probeOptionsOf(read('-i eth0').raw, [], [])).not.toHaveProperty('payloadRules');
  expect(() => read('-i eth0 -U 64,htttp=1')).toThrow(
    "'htttp' at 4 is no port or protocol, did you mean 'http'?",
  );
});

test('how packets come out of the kernel reaches the probe', () => {
  const given = read('-i eth0 --capture-method pcap --buffer 2').raw;
  expect(probeOptionsOf(given, [], [])).toMatchObject({ captureMethod: 'pcap', bufferBytes: 2 ** 21 });
  expect(() => read('-i eth0 --capture-method tap')).toThrow('Allowed choices are auto, ring, pcap');
});

test('a lone dash behind -r and -w is stdin and stdout, a later one begins the filter', () => {
  const { raw, filter } = read('-r - -w - - tcp');
  expect(raw.read).toEqual(['-']);
  expect(raw.write).toBe('-');
  expect(filter).toEqual(['tcp']);
  expect(sourcesOf(raw).words).toBe('stdin');
});

test('several files follow one -r', () => {
  expect(read('-r a.pcap b.pcap -w out.pan').raw.read).toEqual(['a.pcap', 'b.pcap']);
});

test('a link is served on 561, a link that is written and a file are not', () => {
  expect(servePlanOf(read('-i eth0').raw)).toEqual({ port: 561, host: 'localhost' });
  expect(servePlanOf(read('-i eth0 -w out.pan').raw)).toBeUndefined();
  expect(servePlanOf(read('-r a.pcap').raw)).toBeUndefined();
  expect(servePlanOf(read('-r a.pcap -P 20561').raw)).toEqual({ port: 20561, host: 'localhost' });
});

test('the limits of the server are given in MiB, and left to it where they are not', () => {
  expect(servePlanOf(read('-i eth0 --max-clients 5 --history 128 --lag 0.5').raw)).toEqual({
    port: 561,
    host: 'localhost',
    maxClients: 5,
    historyBytes: 128 * 2 ** 20,
    lagBytes: 2 ** 19,
  });
  expect(() => read('--max-clients 0')).toThrow();
});

test.each([
  ['-i eth0 -r a.pcap', 'not both'],
  ['-i eth0 --pace 1', '-r'],
  ['-i eth0 -i eth0', 'twice'],
])('refuses %s', (line, words) => {
  const { raw } = read(line);
  expect(() => sourcesOf(raw)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  try {
    sourcesOf(raw);
  } catch (error) {
    expect(`${error} ${(error as { hint?: string }).hint}`).toContain(words);
  }
});

test.each(['-P 70000', '-S -1', '--pace fast', '--max-flows 0.5', '--snaplen 10'])(
  'refuses the value in %s',
  (words) => {
    expect(() => read(`-i eth0 ${words}`)).toThrow(/number from/);
  },
);

test('lists names as people do', () => {
  expect(listed(['a'])).toBe('a');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  expect(listed(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c and 3 more');
});
