import type { FrameBatch } from '../../../core/frame/batch.ts';
import type { InputLog } from './input-log.ts';
import { withoutCheck } from './pcap.ts';
import type { PcapngInterface } from './pcapng-interface.ts';
import { padded, readWide } from './pcapng-options.ts';
import { BLOCK_TRAILER, RECORD_EMPTY, RECORD_LENGTH, RECORD_SNAPPED } from './record-limits.ts';
import type { FrameComments } from './record-parser.ts';

/** Block types that are understood. */
export const BLOCK = {
  interface: 1,
  packet: 2,
  simple: 3,
  names: 4,
  statistics: 5,
  enhanced: 6,
  section: 0x0a0d0d0a,
} as const;

/** The block holds a frame. */
export const isFrameBlock = (type: number): boolean =>
  type === BLOCK.enhanced || type === BLOCK.simple || type === BLOCK.packet;

const COMMENT = 1;
const FLAGS = 2;
const DROPS = 4;
/** In a packet block a count that is not known. */
const DROPS_UNKNOWN = 0xffff;

/** Enhanced, simple and the obsolete packet blocks. */
export class PcapngFrames {
  readonly #log: InputLog;
  readonly #comments: FrameComments;
  // What the options of the block at hand say.
  #checkLength = 0;
  #dropped = 0;

  constructor(log: InputLog, comments: FrameComments) {
    this.#log = log;
    this.#comments = comments;
  }

  /**
   * Reads the frame of one whole block, or notes why there is none.
   * @returns false when the block's own length cannot be trusted, so that nothing behind it can be read
   */
  read(
    batch: FrameBatch,
    view: DataView,
    type: number,
    at: number,
    length: number,
    offset: number,
    little: boolean,
    interfaces: readonly PcapngInterface[],
  ): boolean {
    const simple = type === BLOCK.simple;
    const fixed = simple ? 12 : 28;
    const room = length - fixed - 4;
    const differs = view.getUint32(at + length - 4, little) !== length;
    if (room < 0) {
      this.#log.damage(offset, `packet block of ${length} bytes is too short`);
      return !differs;
    }
    const id = simple ? 0 : type === BLOCK.packet ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
    const owner = interfaces[id];
    if (owner === undefined) {
      this.#log.damage(offset, `packet of interface ${id}, and ${interfaces.length} are described`);
      return true;
    }
    const wireAt = simple ? at + 8 : at + 24;
    let wire = view.getUint32(wireAt, little);
    const captured = simple ? Math.min(owner.snapLength, wire, room) : view.getUint32(at + 20, little);
    if (captured > room || captured > owner.maximumCaptured) {
      const most = Math.min(room, owner.maximumCaptured);
      this.#log.damage(offset, `packet states ${captured} bytes captured, more than ${most}`);
      return !differs;
    }
    const bytesAt = at + fixed;
    this.#checkLength = owner.checkLength;
    this.#dropped = 0;
    if (type === BLOCK.packet) {
      const drops = view.getUint16(at + 10, little);
      if (drops !== DROPS_UNKNOWN) this.#dropped = drops;
    }
    const optionsAt = bytesAt + padded(captured);
    const optionsEnd = at + length - 4;
    if (!simple && optionsAt < optionsEnd && !this.#options(batch.count, view, optionsAt, optionsEnd, little)) {
      this.#log.damage(offset, 'an option reaches past the end of its block');
      return true;
    }
    let anomaly = 0;
    if (differs) anomaly = BLOCK_TRAILER;
    if (captured === 0) anomaly = RECORD_EMPTY;
    else if (captured > owner.snapLength) anomaly = RECORD_SNAPPED;
    if (wire < captured) {
      wire = captured;
      anomaly = RECORD_LENGTH;
    }
    const place = batch.count;
    batch.offset[place] = bytesAt;
    batch.captured[place] = this.#checkLength > 0 ? withoutCheck(captured, wire, this.#checkLength) : captured;
    batch.wire[place] = wire;
    if (simple) {
      batch.seconds[place] = 0;
      batch.nanoseconds[place] = -1;
    } else {
      const { clock } = owner;
      clock.read(view.getUint32(at + 12, little), view.getUint32(at + 16, little));
      batch.seconds[place] = clock.seconds;
      batch.nanoseconds[place] = clock.nanoseconds;
    }
    batch.linkType[place] = owner.linkType;
    batch.checkLength[place] = this.#checkLength;
    batch.interfaceId[place] = owner.id;
    batch.fileOffset[place] = offset;
    batch.anomaly[place] = anomaly;
    batch.dropped[place] = this.#dropped;
    batch.count = place + 1;
    return true;
  }

  /** Options of a packet, without a closure; false when one reaches past the end. */
  #options(place: number, view: DataView, from: number, end: number, little: boolean): boolean {
    let comment = false;
    for (let at = from; at + 4 <= end; ) {
      const code = view.getUint16(at, little);
      if (code === 0) break;
      const length = view.getUint16(at + 2, little);
      if (at + 4 + length > end) return false;
      if (code === COMMENT) comment = true;
      else if (code === FLAGS && length >= 4) {
        const check = (view.getUint32(at + 4, little) >>> 5) & 15;
        if (check > 0) this.#checkLength = check;
      } else if (code === DROPS && length >= 8) this.#dropped = readWide(view, at + 4, little);
      at += 4 + padded(length);
    }
    if (comment) this.#comments.note(place, from, end, little);
    return true;
  }
}
