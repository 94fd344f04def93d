/** How a capture of built frames is written. */
export interface PcapOptions {
  /** LINKTYPE number; Ethernet (1) where not given. */
  readonly linkType?: number;
  /** Unix time of the first frame in seconds; each frame comes one second after the one before. */
  readonly start?: number;
  /** Bytes that are kept of each frame; 65,535 where not given. */
  readonly snapLength?: number;
}

/** The bytes of a pcap file (microseconds, least significant byte first) that holds the frames. */
export function pcapOf(frames: readonly Uint8Array[], options: PcapOptions = {}): Uint8Array {
  const { linkType = 1, start = 1_700_000_000, snapLength = 65_535 } = options;
  const sizes = frames.map(({ length }) => Math.min(length, snapLength));
  const file = new Uint8Array(24 + sizes.reduce((sum, size) => sum + 16 + size, 0));
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkType, true);
  let at = 24;
  for (const [i, frame] of frames.entries()) {
    view.setUint32(at, start + i, true);
    view.setUint32(at + 8, sizes[i]!, true);
    view.setUint32(at + 12, frame.length, true);
    file.set(frame.subarray(0, sizes[i]), at + 16);
    at += 16 + sizes[i]!;
  }
  return file;
}
