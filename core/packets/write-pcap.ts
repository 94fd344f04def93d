import type { RowChunk } from '../output/row-chunk.ts';

/** What a frame needs of a capture file besides its bytes. */
export interface FrameRecord {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly captured: number;
  readonly wire: number;
  /** Whole Unix seconds and nanoseconds; a record without a time has 0. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** An interface, as pcapng describes it. */
export interface FrameInterface {
  readonly linkType: number;
  /** Bytes of frame check sequence that the wire length counts. */
  readonly checkLength: number;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

const SNAP_LENGTH = 262_144;
/** Nanoseconds, draft-ietf-opsawg-pcap. */
const PCAP_MAGIC = 0xa1b23c4d;
export const PCAP_HEADER = 24;
export const PCAP_RECORD = 16;
/** The link type field says how many 16-bit words of check sequence there are. */
const CHECK_PRESENT = 0x0400_0000;

const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const PACKET = 6;
const COMMENT = 1;
const NAME = 2;
const DESCRIPTION = 3;
const RESOLUTION = 9;
const CHECK_LENGTH = 13;

const encoder = new TextEncoder();
const padded = (length: number): number => (length + 3) & ~3;

function u16(out: RowChunk, value: number): void {
  out.reserve(out.length + 2);
  out.bytes[out.length] = value & 0xff;
  out.bytes[out.length + 1] = value >>> 8;
  out.length += 2;
}

function u32(out: RowChunk, value: number): void {
  u16(out, value & 0xffff);
  u16(out, value >>> 16);
}

function bytes(out: RowChunk, source: Uint8Array, offset = 0, length = source.length, pad = false): void {
  const end = out.length + (pad ? padded(length) : length);
  out.reserve(end);
  out.bytes.set(source.subarray(offset, offset + length), out.length);
  out.bytes.fill(0, out.length + length, end);
  out.length = end;
}

/** Header of a pcap file with nanoseconds, least significant byte first. */
export function writePcapHeader(out: RowChunk, { linkType, checkLength }: FrameInterface): void {
  u32(out, PCAP_MAGIC);
  u16(out, 2);
  u16(out, 4);
  u32(out, 0);
  u32(out, 0);
  u32(out, SNAP_LENGTH);
  u32(out, checkLength > 0 ? (linkType | CHECK_PRESENT | ((checkLength >> 1) << 28)) >>> 0 : linkType);
}

/** A record of a pcap file. */
export function writePcapRecord(out: RowChunk, record: FrameRecord): void {
  u32(out, record.seconds);
  u32(out, record.nanoseconds);
  u32(out, record.captured);
  u32(out, record.wire);
  bytes(out, record.bytes, record.offset, record.captured);
}

function option(out: RowChunk, code: number, value: Uint8Array): void {
  u16(out, code);
  u16(out, value.length);
  bytes(out, value, 0, value.length, true);
}

/** Writes a block around a body. */
function block(out: RowChunk, type: number, body: () => void): void {
  const from = out.length;
  u32(out, type);
  u32(out, 0);
  body();
  const length = out.length - from + 4;
  u32(out, length);
  const end = out.length;
  out.length = from + 4;
  u32(out, length);
  out.length = end;
}

/** Section header of a pcapng file, least significant byte first. */
export function writeSection(out: RowChunk): void {
  block(out, SECTION, () => {
    u32(out, BYTE_ORDER);
    u16(out, 1);
    u16(out, 0);
    u32(out, 0xffff_ffff);
    u32(out, 0xffff_ffff);
  });
}

/** Describes an interface with times in nanoseconds. */
export function writeInterface(out: RowChunk, { linkType, checkLength, name, description }: FrameInterface): void {
  block(out, INTERFACE, () => {
    u16(out, linkType);
    u16(out, 0);
    u32(out, SNAP_LENGTH);
    if (name !== undefined) option(out, NAME, encoder.encode(name));
    if (description !== undefined) option(out, DESCRIPTION, encoder.encode(description));
    option(out, RESOLUTION, Uint8Array.of(9));
    if (checkLength > 0) option(out, CHECK_LENGTH, Uint8Array.of(checkLength));
    u32(out, 0);
  });
}

/** An enhanced packet block. */
export function writePacket(out: RowChunk, id: number, record: FrameRecord, comments: readonly string[]): void {
  block(out, PACKET, () => {
    // seconds * 10^9 + nanoseconds in 64 bits, by halves of the seconds
    const upper = Math.floor(record.seconds / 0x10000) * 1e9;
    const lower = (upper % 0x10000) * 0x10000 + (record.seconds % 0x10000) * 1e9 + record.nanoseconds;
    u32(out, id);
    u32(out, Math.floor(upper / 0x10000) + Math.floor(lower / 0x1_0000_0000));
    u32(out, lower % 0x1_0000_0000);
    u32(out, record.captured);
    u32(out, record.wire);
    bytes(out, record.bytes, record.offset, record.captured, true);
    for (const comment of comments) option(out, COMMENT, encoder.encode(comment));
    if (comments.length > 0) u32(out, 0);
  });
}
