import { open } from 'node:fs/promises';
import type { ChunkOutput } from './chunk-output.ts';
import { type FrameRecord, PCAP_HEADER, PCAP_RECORD, writePacket } from './write-pcap.ts';

/** Adds the records of a pcap file that {@link writePcapRecord} made to a pcapng file, as packets of interface 0. */
export async function copyPcap(path: string, output: ChunkOutput): Promise<void> {
  const file = await open(path);
  try {
    let bytes = new Uint8Array(1 << 20);
    let held = 0;
    for (let skip = PCAP_HEADER; ; ) {
      const { bytesRead } = await file.read(bytes, held, bytes.length - held, null);
      if (bytesRead === 0) return;
      held += bytesRead;
      const used = copyRecords(output, bytes, skip, held);
      skip = 0;
      bytes.copyWithin(0, used, held);
      held -= used;
      if (held === bytes.length) {
        const larger = new Uint8Array(2 * held);
        larger.set(bytes);
        bytes = larger;
      }
      if (output.full) await output.flush();
    }
  } finally {
    await file.close();
  }
}

/** Copies whole records between two places; returns the place behind them. */
function copyRecords({ chunk }: ChunkOutput, bytes: Uint8Array, from: number, to: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = from;
  while (at + PCAP_RECORD <= to) {
    const captured = view.getUint32(at + 8, true);
    const offset = at + PCAP_RECORD;
    if (offset + captured > to) break;
    const record: FrameRecord = {
      bytes,
      offset,
      captured,
      wire: view.getUint32(at + 12, true),
      seconds: view.getUint32(at, true),
      nanoseconds: view.getUint32(at + 4, true),
    };
    writePacket(chunk, 0, record, []);
    chunk.endRow(chunk.length);
    at = offset + captured;
  }
  return at;
}
