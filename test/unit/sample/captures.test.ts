import { expect, test } from 'vitest';
import { sampleCaptures } from '../../../src/sample/captures.js';

const captures = sampleCaptures();

test('captures are the same each time they are made', () => {
  const again = sampleCaptures();
  for (const [index, capture] of captures.entries()) {
    expect(Buffer.from(again[index]?.bytes ?? []).equals(capture.bytes), capture.name).toBe(true);
  }
});

test('names are unique and each capture but the empty one has packets', () => {
  expect(new Set(captures.map((capture) => capture.name)).size).toBe(captures.length);
  for (const { name, packets } of captures) expect(packets > 0, name).toBe(!name.includes('empty'));
});

test.each(captures.filter((capture) => capture.name.endsWith('.pcap')))(
  '$name holds its packets',
  (capture) => {
    const bytes = Buffer.from(capture.bytes);
    const big = bytes.readUInt32BE(0) === 0xa1b2c3d4 || bytes.readUInt32BE(0) === 0xa1b23c4d;
    let whole = 0;
    for (let at = 24; at + 16 <= bytes.length; whole++) {
      at += 16 + (big ? bytes.readUInt32BE(at + 8) : bytes.readUInt32LE(at + 8));
      if (at > bytes.length) break;
    }
    expect(whole).toBe(capture.packets);
  },
);
