import { effectiveSnapLength, maximumCaptured } from './record-limits.ts';

/** How the records of a pcap file are laid out. */
export interface PcapLayout {
  readonly headerLength: number;
  readonly littleEndian: boolean;
  /** Parts of a second that the fraction counts: 1e6 or 1e9. */
  readonly unitsPerSecond: number;
  readonly recordHeaderLength: number;
  /** Captured and wire length have changed places: never, always, or when that makes sense. */
  readonly swapped: 'no' | 'yes' | 'maybe';
  readonly linkType: number;
  /** Bytes of frame check sequence at the end of each frame. */
  readonly checkLength: number;
  readonly snapLength: number;
  readonly maximumCaptured: number;
}

/** A header that cannot be used. */
export interface PcapRefusal {
  readonly offset: number;
  readonly reason: string;
}

const MAGICS: Readonly<Record<number, { readonly record: number; readonly units: number; readonly extra: number }>> = {
  2712847316: { record: 16, units: 1e6, extra: 0 }, // the original
  2712812621: { record: 16, units: 1e9, extra: 0 }, // the original
  2712849716: { record: 24, units: 1e6, extra: 0 }, // interface, protocol and packet type follow the lengths
  469762476: { record: 16, units: 1e9, extra: 4 }, // lcap (hardware); the size of all records follows
  469762475: { record: 16, units: 1e6, extra: 4 }, // lcap (software)
};

/** Bytes of the header of every kind, without lcap's extra word. */
export const PCAP_HEADER_LENGTH = 24;

/** Reads a file header. Source: libpcap sf-pcap.c, Wireshark wiretap/libpcap.h. */
export function readPcapHeader(view: DataView, at: number): PcapLayout | PcapRefusal {
  const littleEndian = MAGICS[view.getUint32(at, true)] !== undefined;
  const magic = view.getUint32(at, littleEndian);
  const kind = MAGICS[magic];
  if (kind === undefined) return { offset: at, reason: `no pcap file begins with 0x${magic.toString(16)}` };
  const major = view.getUint16(at + 4, littleEndian);
  const minor = view.getUint16(at + 6, littleEndian);
  // 543.0 is DG/UX's tcpdump.
  const old = major === 543 && minor === 0;
  if (!old && (major !== 2 || minor > 4))
    return { offset: at + 4, reason: `pcap version ${major}.${minor} is not known` };
  const word = view.getUint32(at + 20, littleEndian);
  if ((word & 0x03ff0000) !== 0) {
    return { offset: at + 20, reason: `link type 0x${word.toString(16)} has reserved bits set` };
  }
  const linkType = word & 0xffff;
  return {
    headerLength: PCAP_HEADER_LENGTH + kind.extra,
    littleEndian,
    unitsPerSecond: kind.units,
    recordHeaderLength: kind.record,
    swapped: old || minor < 3 ? 'yes' : minor === 3 ? 'maybe' : 'no',
    linkType,
    // In 16-bit words, when bit 26 says that it is stated.
    checkLength: (word & 0x04000000) !== 0 ? (word >>> 28) * 2 : 0,
    snapLength: effectiveSnapLength(view.getUint32(at + 16, littleEndian), linkType),
    maximumCaptured: maximumCaptured(linkType),
  };
}
