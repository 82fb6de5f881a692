import { expect, test } from 'vitest';
import { checkAllowedCpus, checkProbeOptions } from '../../../src/probe/options.js';

const sources = [{ kind: 'file' as const, path: 'a.pcap' }];

test('fills in every default', () => {
  expect(checkProbeOptions({ sources })).toMatchObject({
    statusInterval: 5,
    maxFlows: 1_000_000,
    threads: 1,
    cpus: [],
    payloadBytes: 64,
    payloadRules: [{ ports: [53, 53], bytes: 4096 }],
    maskPayload: false,
    maxTunnels: 8,
    maxFragments: 4096,
    fragmentTimeout: 15,
    tcpHoles: 8,
    idle: { tcp: 300, udp: 60, icmp: 10, other: 60 },
    closeLinger: 2,
    snaplen: 262_144,
    captureMethod: 'auto',
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
  ['payloadRules[1]', { payloadRules: [{ bytes: 1 }, { bytes: 4097 }] }],
  ['payloadRules[0]', { payloadRules: [{ bytes: 1, ports: [0, 5] as const }] }],
  ['payloadRules[0]', { payloadRules: [{ bytes: 1, ports: [6, 5] as const }] }],
  ['payloadRules[0]', { payloadRules: [{ bytes: 1, protocols: [] }] }],
  ['payloadRules[0]', { payloadRules: [{ bytes: 1, protocols: [256] }] }],
  ['payloadRules', { payloadRules: Array.from({ length: 34 }, () => ({ bytes: 1 })) }],
  ['maskPayload', { maskPayload: 1 as unknown as boolean }],
  ['maxTunnels', { maxTunnels: 65 }],
  ['tcpHoles', { tcpHoles: 0 }],
  ['tcpHoles', { tcpHoles: 65 }],
  ['maxFragments', { maxFragments: -1 }],
  ['fragmentTimeout', { fragmentTimeout: 0 }],
  ['pace', { pace: -1 }],
  ['statusInterval', { statusInterval: Number.NaN }],
  ['idle.tcp', { idle: { tcp: 0 } }],
  ['snaplen', { snaplen: 65.5 }],
  ['captureMethod', { captureMethod: 'tap' as 'ring' }],
  ['threads', { threads: 0 }],
  ['threads', { threads: 65 }],
  ['threads', { threads: 64, sources: Array.from({ length: 9 }, () => sources[0]) as typeof sources }],
  ['cpus', { cpus: [-1] }],
  ['cpus', { cpus: [2, 3, 2] }],
])('names the option %s when its value cannot be', (name, wrong) => {
  expect(() => checkProbeOptions({ sources, ...wrong })).toThrow(
    expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(`${name}: `) }),
  );
});

test('refuses CPUs that the process may not run on, and says which it may', () => {
  expect(() => checkAllowedCpus([1, 3], [0, 1, 3])).not.toThrow();
  expect(() => checkAllowedCpus([1, 2], [0, 1, 3])).toThrow(/cpus: 2 .* 0, 1, 3/);
  expect(() => checkAllowedCpus([0], [])).toThrow(/on this system/);
});

test('keeps DNS messages whole unless a size for everything is given', () => {
  const dns = { ports: [53, 53], bytes: 4096 };
  const web = { protocols: [6], ports: [80, 80] as const, bytes: 256 };
  expect(checkProbeOptions({ sources, payloadRules: [web] }).payloadRules).toEqual([web, dns]);
  expect(checkProbeOptions({ sources, payloadBytes: 0 }).payloadRules).toEqual([]);
  expect(checkProbeOptions({ sources, payloadBytes: 64, payloadRules: [web] }).payloadRules).toEqual([web]);
});

test('refuses an option that does not exist and a probe without sources', () => {
  const wrong = { sources, maxFlow: 5 };
  expect(() => checkProbeOptions(wrong)).toThrow(/maxFlow/);
  expect(() => checkProbeOptions({ sources: [] })).toThrow('at least one source');
});
