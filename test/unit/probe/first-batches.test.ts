// Who reads a file gets its first records soon: the first batches are small, each next one twice as large. With the real addon.
import { expect, it } from 'vitest';
import { Probe } from '../../../src/probe/probe.js';
import { text } from '../../../src/sample/bytes.js';
import { pcapFile } from '../../../src/sample/capture-writer.js';
import { udpFrame } from '../../../src/sample/packet.js';

const link = { srcMac: '02:00:00:00:00:01', dstMac: '02:00:00:00:00:02' };
const hosts = { src: '10.0.0.1', dst: '10.0.0.2' };

/** Flows of one packet each. */
const capture = (flows: number) =>
  pcapFile(
    Array.from({ length: flows }, (_, index) => ({
      seconds: 1000,
      nanos: index,
      bytes: udpFrame(link, hosts, { srcPort: 10_000 + index, dstPort: 9, payload: text('x') }),
    })),
  );

async function rowsOfBatches(flows: number): Promise<number[]> {
  async function* bytes() {
    yield capture(flows);
  }
  const rows: number[] = [];
  const probe = Probe.open({ sources: [{ kind: 'feed', name: 'a', live: false, bytes }] });
  for await (const item of probe) if (item.kind === 'batch') rows.push(item.records);
  return rows;
}

it('of many records', async () => {
  expect(await rowsOfBatches(5000)).toEqual([16, 32, 64, 128, 256, 512, 1024, 1024, 1024, 920]);
});

it('of few records', async () => {
  expect(await rowsOfBatches(16)).toEqual([16]);
  expect(await rowsOfBatches(17)).toEqual([16, 1]);
});
