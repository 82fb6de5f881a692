// The frames in a capture of the project's own, for seeds.

/** Frames of a little endian pcap file, which all but the cases of the format are. */
export function* framesOf(bytes) {
  const file = Buffer.from(bytes);
  if (![0xa1b2c3d4, 0xa1b23c4d].includes(file.readUInt32LE(0))) return;
  const link = file.readUInt32LE(20) & 0xffff;
  for (let at = 24; at + 16 <= file.length; ) {
    const [captured, wire] = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)];
    at += 16;
    if (at + captured > file.length) return;
    yield { link, cut: Math.min(wire - captured, 0xffff), frame: file.subarray(at, at + captured) };
    at += captured;
  }
}
