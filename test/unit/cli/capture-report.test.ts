// `panoptes doctor --capture` over real files, with the real addon: what it counts is what is in them.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { captureReport } from '../../../src/cli/capture-report.js';
import { sampleCaptures } from '../../../src/sample/captures.js';

const folder = mkdtempSync(join(tmpdir(), 'panoptes-doctor-'));

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const captures = sampleCaptures();
const mixed = captures.find(({ name }) => name === 'mixed.pcap')?.bytes ?? new Uint8Array(0);

interface Facts {
  readonly packets: number;
  readonly decoded: number;
  readonly stepsBack: number;
  readonly largestStepBackAt: number;
  readonly largestStepBack: number;
  readonly undecoded: readonly { reason: string; packets: number }[];
  readonly links: readonly { packets: number; cut: number }[];
  readonly networks: Record<string, number>;
}

async function report(path: string) {
  const { facts, ...rest } = await captureReport(path, {});
  return { ...rest, facts: facts as Facts };
}

test.each(captures)('$name: every packet is accounted for', async ({ name, bytes, packets }) => {
  const { ok, facts } = await report(fileOf(name, bytes));
  expect(ok).toBe(true);
  expect(facts.packets).toBe(packets);
  const undecoded = facts.undecoded.reduce((sum, one) => sum + one.packets, 0);
  expect(facts.decoded + undecoded).toBe(packets);
  expect(Object.values(facts.networks).reduce((sum, one) => sum + one, 0)).toBe(facts.decoded);
  expect(facts.links.reduce((sum, one) => sum + one.packets, 0)).toBe(packets);
});

describe('a file that is not as it should be', () => {
  it('is cut: said, and no failure', async () => {
    const { ok, findings, facts } = await report(fileOf('cut.pcap', mixed.subarray(0, mixed.length - 7)));
    expect(ok).toBe(true);
    expect(facts.packets).toBe(399);
    expect(findings.filter(({ level }) => level === 'warn')).toMatchObject([
      { name: 'file', message: expect.stringContaining('ends in the middle of packet 400') },
    ]);
  });

  it('is damaged: a failure, after what came before', async () => {
    const damaged = Uint8Array.from(mixed);
    const view = new DataView(damaged.buffer);
    const first = 24 + 16 + view.getUint32(24 + 8, true);
    view.setUint32(first + 8, 0xffffffff, true);
    const { ok, facts, findings } = await report(fileOf('damaged.pcap', damaged));
    expect(ok).toBe(false);
    expect(facts.packets).toBe(1);
    expect(findings.find(({ level }) => level === 'fail')?.message).toContain('packet 2 cannot have');
  });

  it('is unpacked, and its gzip data may be cut', async () => {
    const packed = gzipSync(mixed);
    expect((await report(fileOf('a.pcap.gz', packed))).facts.packets).toBe(400);
    const { ok, findings } = await report(fileOf('b.pcap.gz', packed.subarray(0, packed.length >> 1)));
    expect(ok).toBe(true);
    expect(findings.some(({ name, level }) => name === 'file' && level === 'warn')).toBe(true);
  });

  it('is no capture, or no file', async () => {
    expect(await report(fileOf('a.txt', Buffer.from('hello, world\n')))).toMatchObject({
      ok: false,
      findings: [{ level: 'fail', message: expect.stringContaining('it is text') }],
    });
    expect(await report(join(folder, 'none.pcap'))).toMatchObject({
      ok: false,
      findings: [{ level: 'fail', message: expect.stringContaining('there is no file') }],
    });
  });
});

describe('packets of a capture', () => {
  const recordAt = (bytes: Uint8Array, index: number): number => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let at = 24;
    for (let i = 0; i < index; i++) at += 16 + view.getUint32(at + 8, true);
    return at;
  };

  it('may be earlier than those before them', async () => {
    const bytes = Uint8Array.from(mixed);
    const view = new DataView(bytes.buffer);
    const at = recordAt(bytes, 10);
    view.setUint32(at, view.getUint32(at, true) - 100, true);
    const { facts } = await report(fileOf('back.pcap', bytes));
    expect(facts).toMatchObject({ stepsBack: 1, largestStepBackAt: 11 });
    expect(facts.largestStepBack).toBeGreaterThan(99);
  });

  it('may be shorter than they were on the wire', async () => {
    const bytes = Uint8Array.from(mixed);
    const view = new DataView(bytes.buffer);
    for (const index of [3, 4]) {
      const at = recordAt(bytes, index);
      view.setUint32(at + 12, view.getUint32(at + 12, true) + 500, true);
    }
    const { facts, findings } = await report(fileOf('short.pcap', bytes));
    expect(facts.links).toMatchObject([{ packets: 400, cut: 2 }]);
    expect(findings.find(({ name }) => name === 'snaplen')?.message).toContain('1000 bytes are missing');
  });

  it('of an unknown link are counted by their reason', async () => {
    const bytes = Uint8Array.from(mixed);
    new DataView(bytes.buffer).setUint32(20, 147, true);
    const { ok, facts } = await report(fileOf('user0.pcap', bytes));
    expect(ok).toBe(true);
    expect(facts.undecoded).toMatchObject([{ reason: 'unknown_link_type', packets: 400, firstPacket: 1 }]);
    expect(facts.decoded).toBe(0);
  });
});
