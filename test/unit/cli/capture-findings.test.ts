// What the numbers of a capture are made to say, and what they leave to do.
import { describe, expect, it } from 'vitest';
import type { CaptureExam } from '../../../src/cli/capture-exam.js';
import { captureFindings } from '../../../src/cli/capture-findings.js';
import { PanoptesError } from '../../../src/errors.js';
import type { CaptureFacts } from '../../../src/probe/native-module.js';
import { emptyStatus } from '../../../src/wire/frames.js';

const facts: CaptureFacts = {
  file: {
    format: 'pcap',
    version: '2.4',
    bigEndian: false,
    sections: 1,
    interfaces: [{ linkType: 1, snaplen: 65535, timeUnit: 'microseconds' }],
    otherBlocks: [],
  },
  links: [{ linkType: 1, name: 'EN10MB', about: 'Ethernet', packets: 10, cut: 0 }],
  undecoded: [],
  warnings: [],
  packets: 10,
  wireBytes: 1000,
  capturedBytes: 1000,
  mostCaptured: 100,
  dropped: 0,
  ifDropped: 0,
  earliest: { seconds: 1_700_000_000, nanos: 1_000 },
  latest: { seconds: 1_700_000_001, nanos: 1_000 },
  duration: 1,
  stepsBack: 0,
  largestStepBack: 0,
  largestStepBackAt: 0,
};

const exam: CaptureExam = {
  name: 'a.pcap',
  facts,
  status: { ...emptyStatus, packets: 10, flowsOpened: 3, last: true },
  decoded: 10,
  networks: { IPv4: 9, ARP: 1 },
  protocols: { tcp: 6, udp: 3 },
  tunnels: {},
  fragments: 0,
  duplicates: 0,
  isCut: false,
};

const findings = (change: Partial<CaptureExam> = {}, changedFacts: Partial<CaptureFacts> = {}) =>
  captureFindings({ ...exam, ...change, facts: { ...facts, ...changedFacts } });
const finding = (name: string, change: Partial<CaptureExam> = {}, changedFacts: Partial<CaptureFacts> = {}) =>
  findings(change, changedFacts).find((one) => one.name === name);

describe('a good capture', () => {
  it('has nothing to do', () => {
    expect(findings().map(({ level, name, message }) => `${level} ${name}: ${message}`)).toEqual([
      'ok file: a.pcap: pcap 2.4, little endian, microseconds, 10 packets, 1000 bytes on the wire',
      'ok links: 1 EN10MB (Ethernet): 10 packets',
      'ok snaplen: 65535 bytes; every packet is whole',
      'ok time order: 2023-11-14T22:13:20.000001000Z to 2023-11-14T22:13:21.000001000Z, 1 s',
      'ok decoded: 10 of 10 packets, in 3 flows',
      'ok network: IPv4 9, ARP 1',
      'ok transport: tcp 6, udp 3',
    ]);
    expect(findings().some(({ todo }) => todo !== undefined)).toBe(false);
  });

  it('says which tunnels and blocks are in it', () => {
    expect(finding('tunnels', { tunnels: { vxlan: 5, gre: 1 } })?.message).toBe('vxlan 5, gre 1');
    const otherBlocks = [
      { type: 4, count: 2 },
      { type: 0x1234, count: 1 },
    ];
    expect(finding('blocks', {}, { file: { ...facts.file, format: 'pcapng', otherBlocks } })?.message).toBe(
      'without packets, stepped over: name resolution 2, unknown type 0x1234 1',
    );
  });
});

describe('a capture that lacks something', () => {
  it('says how many packets are cut', () => {
    const links = [{ ...(facts.links[0] as CaptureFacts['links'][number]), cut: 4 }];
    expect(finding('snaplen', {}, { links, capturedBytes: 600 })).toMatchObject({
      level: 'warn',
      message: '65535 bytes; cut: 4 of 10 packets, 400 bytes are missing (the longest has 100)',
    });
  });

  it('says where time runs backwards', () => {
    const back = { stepsBack: 2, largestStepBack: 0.25, largestStepBackAt: 7 };
    const found = finding('time order', {}, back);
    expect(found?.level).toBe('warn');
    expect(found?.message).toContain(
      '2 packets are earlier than the one before, the largest step is 0.25 s at packet 7',
    );
    expect(found?.todo).toContain('reordercap');
  });

  it('explains each reason why packets are in no record, with the first of them', () => {
    const one = { packets: 3, firstPacket: 5, linkType: 1, captured: 14, wire: 60 };
    const undecoded = [
      { ...one, reason: 'truncated_link', head: Uint8Array.of(0xff, 0x01) },
      { ...one, reason: 'of_tomorrow', head: new Uint8Array(64) },
    ];
    const [known, unknown] = findings({}, { undecoded }).filter(({ name }) => name === 'undecoded');
    expect(known).toMatchObject({ level: 'warn' });
    expect(known?.message).toContain('truncated_link: 3 packets: the frame ends within its link header');
    expect(known?.message).toContain('packet 5 (1 EN10MB, 14 of 60 bytes: ff 01)');
    expect(unknown?.message).toContain('00 00 ...');
    expect(unknown?.todo).toBe('look at the first one');
  });

  it('follows fragments', () => {
    const status = (change: object) => ({ ...exam.status, ...change });
    expect(finding('fragments', { fragments: 6, status: status({ fragmentsJoined: 4 }) })).toEqual({
      name: 'fragments',
      level: 'ok',
      message: '6 packets of IP fragments, 4 joined to the flow of their first one',
    });
    const lost = finding('fragments', { fragments: 6, status: status({ fragmentsOrphaned: 5 }) });
    expect(lost).toMatchObject({ level: 'warn' });
    expect(lost?.todo).toContain('--fragment-timeout');
    const full = status({ fragmentsOrphaned: 5, fragmentsOverflow: 2 });
    expect(finding('fragments', { fragments: 6, status: full })?.todo).toContain('--max-fragments');
  });

  it('says what the capture holds twice and what it lost', () => {
    expect(finding('duplicates', { duplicates: 1 })?.message).toContain('1 packet that');
    expect(finding('drops', {}, { dropped: 5, ifDropped: 2 })?.message).toContain('5 by the kernel, 2 by');
  });

  it('says which limits of the probe it met', () => {
    const status = { ...exam.status, evicted: 4, extraSkipped: 2 };
    expect(findings({ status }).filter(({ name }) => name === 'flow table')).toHaveLength(2);
    const full = { ...exam.status, tcpSkipped: 3, tcpHolesOverflow: 5, gapClassesSkipped: 8 };
    const ofTcp = findings({ status: full }).filter(({ name }) => name === 'tcp');
    expect(ofTcp.map(({ level, message }) => [level, message.slice(0, 7)])).toEqual([
      ['warn', '3 losse'],
      ['warn', '5 holes'],
      ['warn', '8 recor'],
    ]);
    expect(ofTcp[1]?.todo).toContain('--tcp-holes');
    const ofRtp = findings({ status: { ...exam.status, rtpSkipped: 6 } }).filter(
      ({ name }) => name === 'rtp',
    );
    expect(ofRtp.map(({ level, message }) => [level, message.slice(0, 9)])).toEqual([['warn', '6 packets']]);
    const ofRtt = findings({ status: { ...exam.status, responseSkipped: 7 } }).filter(
      ({ name }) => name === 'round trips',
    );
    expect(ofRtt.map(({ level, message }) => [level, message.slice(0, 6)])).toEqual([['warn', '7 ICMP']]);
  });

  it('may have no packets at all', () => {
    expect(findings({}, { packets: 0, links: [] }).map(({ name, level }) => [name, level])).toEqual([
      ['file', 'ok'],
      ['packets', 'warn'],
    ]);
  });
});

describe('a file that is not whole', () => {
  const cut = { code: 'cut-file', message: 'a.pcap ends in the middle', hint: 'the whole packets were used' };
  const bad = { code: 'bad-file', message: 'packet 3 cannot have 5 bytes', hint: 'damaged there' };

  it('is a warning where it is cut, once', () => {
    expect(findings({ isCut: true }, { warnings: [cut] }).filter(({ level }) => level === 'warn')).toEqual([
      { name: 'file', level: 'warn', message: cut.message, todo: cut.hint },
    ]);
    expect(findings({ isCut: true }).filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('is a failure where it is damaged, and the rest is still told', () => {
    const found = findings({}, { error: bad });
    expect(found).toContainEqual({ name: 'file', level: 'fail', message: bad.message, todo: bad.hint });
    expect(found.some(({ name }) => name === 'decoded')).toBe(true);
    const failure = new PanoptesError('bad-file', 'the gzip data are damaged', 'get it again');
    expect(findings({ failure })).toContainEqual({
      name: 'file',
      level: 'fail',
      message: 'the gzip data are damaged',
      todo: 'get it again',
    });
  });

  it('is nothing but a failure where it is no capture', () => {
    const error = { code: 'not-a-capture', message: 'a.pcap is not a capture: it is text', hint: '' };
    const file = { ...facts.file, format: '', interfaces: [] };
    expect(findings({}, { file, error })).toEqual([
      { name: 'file', level: 'fail', message: error.message, todo: 'name a pcap or pcapng file' },
    ]);
  });
});
