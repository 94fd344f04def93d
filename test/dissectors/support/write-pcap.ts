import { writeFileSync } from 'node:fs';

/** Writes frames to a plain pcap file, a second apart. `wire` lengths are those of the frames where not given. */
export function writePcap(
  path: string,
  frames: readonly Uint8Array[],
  linkType = 1,
  wire: readonly number[] = [],
): void {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4);
  header.setUint16(4, 2);
  header.setUint16(6, 4);
  header.setUint32(16, 262_144);
  header.setUint32(20, linkType);
  const records = frames.map((frame, i) => {
    const record = new DataView(new ArrayBuffer(16 + frame.length));
    record.setUint32(0, 1_700_000_000 + i);
    record.setUint32(8, frame.length);
    record.setUint32(12, wire[i] ?? frame.length);
    new Uint8Array(record.buffer).set(frame, 16);
    return new Uint8Array(record.buffer);
  });
  writeFileSync(path, Buffer.concat([new Uint8Array(header.buffer), ...records]));
}
