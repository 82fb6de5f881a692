import { expect, test } from 'vitest';
import { liveSample } from '../../../src/sample/live-sample.js';

test('opens with a nanosecond pcap header and goes on with packets of the present until it is aborted', async () => {
  const stop = new AbortController();
  const chunks: Buffer[] = [];
  for await (const chunk of liveSample(stop.signal, 1)) {
    chunks.push(Buffer.from(chunk));
    if (chunks.length === 4) stop.abort();
  }
  expect(chunks).toHaveLength(4);
  expect(chunks[0]?.readUInt32LE(0)).toBe(0xa1b23c4d);
  const seconds = chunks[1]?.readUInt32LE(0) ?? 0;
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
});
