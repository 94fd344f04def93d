import { readFileSync } from 'node:fs';

/** One record of a capture file. */
export interface Recorded {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly linkType: number;
}

const MAGICS: readonly number[] = [0xa1b2c3d4, 0xa1b23c4d];

/** The records of a plain pcap file, in either byte order; just enough for tests, whose subject are not files. */
export function readPcap(path: string): Recorded[] {
  const file = readFileSync(path);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const little = MAGICS.includes(view.getUint32(0, true));
  if (!little && !MAGICS.includes(view.getUint32(0))) throw new TypeError(`${path} is not a plain pcap file`);
  const linkType = view.getUint32(20, little) & 0xffff;
  const records: Recorded[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const captured = view.getUint32(at + 8, little);
    const wire = view.getUint32(at + 12, little);
    if (at + 16 + captured > file.length) break;
    records.push({ bytes: new Uint8Array(file.subarray(at + 16, at + 16 + captured)), wire, linkType });
    at += 16 + captured;
  }
  return records;
}
