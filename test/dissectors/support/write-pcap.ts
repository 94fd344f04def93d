import { writeFileSync } from 'node:fs';

/**
 * Writes frames to a plain pcap file, a second apart. `wire` lengths are those of the frames where not given. The byte
 * order is that of the machine that captured, which some link types have inside the frames too.
 */
export function writePcap(
  path: string,
  frames: readonly Uint8Array[],
  linkType = 1,
  wire: readonly number[] = [],
  littleEndian = false,
): void {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, littleEndian);
  header.setUint16(4, 2, littleEndian);
  header.setUint16(6, 4, littleEndian);
  header.setUint32(16, 262_144, littleEndian);
  header.setUint32(20, linkType, littleEndian);
  const records = frames.map((frame, i) => {
    const record = new DataView(new ArrayBuffer(16 + frame.length));
    record.setUint32(0, 1_700_000_000 + i, littleEndian);
    record.setUint32(8, frame.length, littleEndian);
    record.setUint32(12, wire[i] ?? frame.length, littleEndian);
    new Uint8Array(record.buffer).set(frame, 16);
    return new Uint8Array(record.buffer);
  });
  writeFileSync(path, Buffer.concat([new Uint8Array(header.buffer), ...records]));
}
