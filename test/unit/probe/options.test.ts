import { expect, test } from 'vitest';
import { checkProbeOptions } from '../../../src/probe/options.js';

const sources = [{ kind: 'file' as const, path: 'a.pcap' }];

test('fills in every default', () => {
  expect(checkProbeOptions({ sources })).toMatchObject({
    statusInterval: 5,
    maxFlows: 1_000_000,
    payloadBytes: 64,
    maxTunnels: 8,
    maxFragments: 4096,
    fragmentTimeout: 15,
    idle: { tcp: 300, udp: 60, icmp: 10, other: 60 },
    closeLinger: 2,
    snaplen: 262_144,
  });
});

test('keeps what is given, also a part of the idle times', () => {
  const options = checkProbeOptions({ sources, statusInterval: 0, idle: { icmp: 3 } });
  expect(options.statusInterval).toBe(0);
  expect(options.idle).toEqual({ tcp: 300, udp: 60, icmp: 3, other: 60 });
});

test.each([
  ['maxFlows', { maxFlows: 0 }],
  ['payloadBytes', { payloadBytes: 4097 }],
  ['maxTunnels', { maxTunnels: 65 }],
  ['maxFragments', { maxFragments: -1 }],
  ['fragmentTimeout', { fragmentTimeout: 0 }],
  ['pace', { pace: -1 }],
  ['statusInterval', { statusInterval: Number.NaN }],
  ['idle.tcp', { idle: { tcp: 0 } }],
  ['snaplen', { snaplen: 65.5 }],
])('names the option %s when its value cannot be', (name, wrong) => {
  expect(() => checkProbeOptions({ sources, ...wrong })).toThrow(
    expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(`${name}: `) }),
  );
});

test('refuses an option that does not exist and a probe without sources', () => {
  const wrong = { sources, maxFlow: 5 };
  expect(() => checkProbeOptions(wrong)).toThrow(/maxFlow/);
  expect(() => checkProbeOptions({ sources: [] })).toThrow('at least one source');
});
