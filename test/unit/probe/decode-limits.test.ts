// The limits of measuring reach the native side: depth of tunnels, room and time for fragments, holes of TCP. With the real addon.
import { describe, expect, it } from 'vitest';
import type { ProbeOptions } from '../../../src/probe/options.js';
import { Probe } from '../../../src/probe/probe.js';
import { statusOf } from '../../../src/probe/status.js';
import { findField } from '../../../src/record/fields.js';
import type { FlowBatch } from '../../../src/record/flow-batch.js';
import { concat, text } from '../../../src/sample/bytes.js';
import { pcapFile } from '../../../src/sample/capture-writer.js';
import { ipFrame, tcpFlags, tcpFrame, udpDatagram, udpFrame } from '../../../src/sample/packet.js';
import { decodeFrame } from '../../../src/wire/codec.js';

const link = { srcMac: '02:00:00:00:00:01', dstMac: '02:00:00:00:00:02' };
const inner = { src: '10.0.0.1', dst: '10.0.0.2' };
const outer = { src: '192.0.2.1', dst: '192.0.2.2' };

/** What a probe makes of frames at these seconds: flows as text, and the last status. */
async function measured(
  frames: readonly (readonly [seconds: number, bytes: Uint8Array])[],
  options: Omit<ProbeOptions, 'sources'>,
) {
  const capture = pcapFile(frames.map(([seconds, bytes]) => ({ seconds: 1000 + seconds, nanos: 0, bytes })));
  async function* bytes() {
    yield capture;
  }
  const probe = Probe.open({
    ...options,
    statusInterval: 0,
    sources: [{ kind: 'feed', name: 'a', live: false, bytes }],
  });
  const flows: string[] = [];
  for await (const item of probe) {
    if (!('bytes' in item)) throw new Error(item.message);
    const frame = decodeFrame(item.bytes);
    if (frame.kind === 'batch') flows.push(...flowsOf(frame.batch));
  }
  return { flows: flows.sort(), status: statusOf(probe) };
}

function flowsOf(batch: FlowBatch): string[] {
  const readers = ['tun', 'proto', 'saddr', 'sport', 'dport', 'pkts'].map((name) =>
    findField(name)?.read(batch),
  );
  return Array.from({ length: batch.rows }, (_, row) => readers.map((read) => read?.(row) ?? '-').join(' '));
}

describe('tunnels', () => {
  const vxlan = (payload: Uint8Array) =>
    udpFrame(link, outer, {
      srcPort: 50000,
      dstPort: 4789,
      payload: concat([8, 0, 0, 0, 0, 0, 42, 0], payload),
    });
  const segment = tcpFrame(link, inner, { srcPort: 40000, dstPort: 80, sequence: 1, flags: tcpFlags.syn });

  it('are followed inwards as far as they may', async () => {
    const frames = [[0, vxlan(segment)]] as const;
    expect((await measured(frames, {})).flows).toEqual(['vxlan tcp 10.0.0.1 40000 80 1']);
    expect((await measured(frames, { maxTunnels: 0 })).flows).toEqual(['- udp 192.0.2.1 50000 4789 1']);
  });
});

describe('fragments', () => {
  const datagram = udpDatagram(inner, { srcPort: 7000, dstPort: 8000, payload: text('x'.repeat(1000)) });
  const first = ipFrame(
    link,
    { ...inner, id: 9, fragment: { offset: 0, more: true } },
    17,
    datagram.slice(0, 800),
  );
  const later = ipFrame(
    link,
    { ...inner, id: 9, fragment: { offset: 800, more: false } },
    17,
    datagram.slice(800),
  );
  const joined = ['- udp 10.0.0.1 7000 8000 2'];
  const apart = ['- udp 10.0.0.1 0 0 1', '- udp 10.0.0.1 7000 8000 1'];

  it('wait for their first one', async () => {
    const { flows, status } = await measured(
      [
        [0, later],
        [1, first],
      ],
      {},
    );
    expect(flows).toEqual(joined);
    expect(status).toMatchObject({ fragmentsJoined: 1, fragmentsOrphaned: 0, fragmentsHeld: 0 });
  });

  it('are not joined where there is no room for any', async () => {
    const { flows, status } = await measured(
      [
        [0, later],
        [1, first],
      ],
      { maxFragments: 0 },
    );
    expect(flows).toEqual(apart);
    expect(status).toMatchObject({ fragmentsJoined: 0, fragmentsOrphaned: 1 });
  });

  it('wait as long as they are told', async () => {
    const frames = [
      [0, later],
      [20, first],
    ] as const;
    expect((await measured(frames, {})).flows).toEqual(apart);
    expect((await measured(frames, { fragmentTimeout: 30 })).flows).toEqual(joined);
  });
});

describe('holes in TCP streams', () => {
  const segment = (srcPort: number, sequence: number) =>
    tcpFrame(link, inner, {
      srcPort,
      dstPort: 80,
      sequence,
      acknowledgment: 1,
      flags: tcpFlags.ack,
      payload: text('x'.repeat(100)),
    });

  it('are remembered as many as they are told; the lowest are given up, and counted', async () => {
    // Each begins 100 bytes behind the end of the one before: three holes.
    const frames = [1, 201, 401, 601].map((sequence) => [0, segment(40000, sequence)] as const);
    expect((await measured(frames, {})).status).toMatchObject({ tcpHolesOverflow: 0, tcpSkipped: 0 });
    expect((await measured(frames, { tcpHoles: 1 })).status).toMatchObject({ tcpHolesOverflow: 2 });
  });

  it('that find no memory are counted', async () => {
    // One hole in each of 1100 flows; a small table has room for 1024.
    const frames = Array.from({ length: 1100 }, (_, flow) => [
      [0, segment(10_000 + flow, 1)] as const,
      [0, segment(10_000 + flow, 201)] as const,
    ]).flat();
    expect((await measured(frames, { maxFlows: 2000 })).status).toMatchObject({ tcpSkipped: 1100 - 1024 });
  });
});
