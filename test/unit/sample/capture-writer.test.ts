import { expect, test } from 'vitest';
import { pcapFile, pcapngFile } from '../../../src/sample/capture-writer.js';

const packet = { seconds: 1_767_225_600, nanos: 123_456_789, bytes: Uint8Array.of(1, 2, 3, 4, 5), wire: 60 };

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

test.each([
  { bigEndian: false, nanoseconds: false, magic: 0xa1b2c3d4, fraction: 123_456 },
  { bigEndian: true, nanoseconds: false, magic: 0xa1b2c3d4, fraction: 123_456 },
  { bigEndian: false, nanoseconds: true, magic: 0xa1b23c4d, fraction: 123_456_789 },
  { bigEndian: true, nanoseconds: true, magic: 0xa1b23c4d, fraction: 123_456_789 },
])('pcap: big endian $bigEndian, nanoseconds $nanoseconds', ({ magic, fraction, ...format }) => {
  const bytes = pcapFile([packet], { ...format, linkType: 101 });
  const words = (at: number) => view(bytes).getUint32(at, !format.bigEndian);
  expect(bytes.length).toBe(24 + 16 + 5);
  expect([words(0), words(20)]).toEqual([magic, 101]);
  expect([24, 28, 32, 36].map(words)).toEqual([1_767_225_600, fraction, 5, 60]);
  expect([...bytes.slice(40)]).toEqual([1, 2, 3, 4, 5]);
});

test.each([false, true])(
  'pcapng blocks fit end to end and say their length twice, big endian %s',
  (bigEndian) => {
    const interfaces = [{ name: 'left', decimals: 9, offsetSeconds: 1_700_000_000 }, {}];
    const bytes = pcapngFile([packet, { ...packet, interface: 1 }], {
      bigEndian,
      interfaces,
      unknownBlocks: true,
    });
    const types: number[] = [];
    let at = 0;
    while (at < bytes.length) {
      const length = view(bytes).getUint32(at + 4, !bigEndian);
      expect(length % 4).toBe(0);
      expect(view(bytes).getUint32(at + length - 4, !bigEndian)).toBe(length);
      types.push(view(bytes).getUint32(at, !bigEndian));
      at += length;
    }
    expect(types).toEqual([0x0a0d0d0a, 1, 1, 6, 0x0badcafe, 6, 0x0badcafe]);
  },
);

test('a pcapng stamp is in the unit of its interface, less its offset', () => {
  const bytes = pcapngFile([packet], { interfaces: [{ decimals: 9, offsetSeconds: 1_700_000_000 }] });
  const at = bytes.length - 40;
  const stamp =
    (BigInt(view(bytes).getUint32(at + 12, true)) << 32n) | BigInt(view(bytes).getUint32(at + 16, true));
  expect(stamp).toBe(67_225_600_123_456_789n);
});
