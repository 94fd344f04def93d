import type { SourceInterface } from '../../../core/declare/source.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import type { InputLog } from './input-log.ts';
import { BLOCK, isFrameBlock, PcapngFrames } from './pcapng-frames.ts';
import { INTERFACE_BLOCK_LENGTH, type PcapngInterface, readInterface, readStatistics } from './pcapng-interface.ts';
import { readOptions } from './pcapng-options.ts';
import type { FrameComments, RecordParser } from './record-parser.ts';

/** Longest block that is held in memory whole, above what its frame may hold. */
const MAXIMUM_BLOCK = 16 * 1024 * 1024;
const SECTION_BLOCK_LENGTH = 28;

/**
 * Blocks of a pcapng file: any number of sections, each in its own byte order, any number of interfaces. Blocks that
 * are not understood are passed over by their length and counted. Source: draft-ietf-opsawg-pcapng.
 */
export class PcapngParser implements RecordParser {
  stopped = false;
  readonly #log: InputLog;
  readonly #interfaces: SourceInterface[];
  readonly #frames: PcapngFrames;
  #little = true;
  /** A section of a version that is not known: passed over up to the next one. */
  #foreign = false;
  /** Interfaces of the section, by their number in it. */
  #own: PcapngInterface[] = [];
  readonly #all: PcapngInterface[] = [];
  /** Bytes still to pass over. */
  #skip = 0;
  /** Where the block being passed over began. */
  #skipFrom = 0;

  constructor(log: InputLog, interfaces: SourceInterface[], comments: FrameComments) {
    this.#log = log;
    this.#interfaces = interfaces;
    this.#frames = new PcapngFrames(log, comments);
  }

  parse(batch: FrameBatch, view: DataView, from: number, end: number, base: number): number {
    let at = from;
    while (!this.stopped && batch.count < batch.capacity) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, end - at);
        this.#skip -= passed;
        at += passed;
      }
      if (at + 12 > end) break;
      const type = view.getUint32(at, this.#little);
      if (type === BLOCK.section) this.#order(view, at, base + at);
      const length = view.getUint32(at + 4, this.#little);
      if (length < 12 || length % 4 !== 0) this.#stop(base + at, `block length ${length} cannot be`);
      if (this.stopped) break;
      if (this.#passes(type) || this.#isTooLong(type, length, base + at)) {
        this.#skip = length;
        this.#skipFrom = base + at;
        continue;
      }
      if (at + length > end) break;
      if (isFrameBlock(type))
        this.stopped = !this.#frames.read(batch, view, type, at, length, base + at, this.#little, this.#own);
      else this.#describe(view, type, at, length, base + at);
      at += length;
    }
    return at;
  }

  /** A section states its byte order itself. */
  #order(view: DataView, at: number, offset: number): void {
    const order = view.getUint32(at + 8, true);
    if (order === 0x1a2b3c4d) this.#little = true;
    else if (order === 0x4d3c2b1a) this.#little = false;
    else this.#stop(offset, `section has no byte order (0x${order.toString(16)})`);
  }

  /** Blocks passed over by their length alone. */
  #passes(type: number): boolean {
    if (type === BLOCK.section) return false;
    if (this.#foreign || type === BLOCK.names) return true;
    if (isFrameBlock(type) || type === BLOCK.interface || type === BLOCK.statistics) return false;
    this.#log.blocksSkipped += 1;
    return true;
  }

  #isTooLong(type: number, length: number, offset: number): boolean {
    if (length <= MAXIMUM_BLOCK) return false;
    const frame = this.#own.reduce((most, one) => Math.max(most, one.maximumCaptured), 0);
    if (isFrameBlock(type) && length <= frame + MAXIMUM_BLOCK) return false;
    this.#log.damage(offset, `block of ${length} bytes is too long`);
    return true;
  }

  /** Sections, interfaces and their statistics. */
  #describe(view: DataView, type: number, at: number, length: number, offset: number): void {
    const little = this.#little;
    const second = view.getUint32(at + length - 4, little);
    if (second !== length) this.#log.damage(offset, `the two lengths of the block differ: ${length} and ${second}`);
    if (type === BLOCK.section) this.#section(view, at, length, offset);
    else if (type === BLOCK.interface) this.#interface(view, at, length, offset);
    else this.#statistics(view, at, length, offset);
  }

  #section(view: DataView, at: number, length: number, offset: number): void {
    if (length < SECTION_BLOCK_LENGTH) {
      this.#stop(offset, `section block of ${length} bytes is too short`);
      return;
    }
    this.#own = [];
    const major = view.getUint16(at + 12, this.#little);
    const minor = view.getUint16(at + 14, this.#little);
    // 1.2 was written by mistake and is 1.0.
    this.#foreign = major !== 1 || (minor !== 0 && minor !== 2);
    if (this.#foreign) this.#log.damage(offset, `pcapng version ${major}.${minor} is not known`);
    else if (!readOptions(view, at + 24, at + length - 4, this.#little, () => {})) this.#overrun(offset);
  }

  #interface(view: DataView, at: number, length: number, offset: number): void {
    if (length < INTERFACE_BLOCK_LENGTH) {
      this.#log.damage(offset, `interface block of ${length} bytes is too short`);
      return;
    }
    const read = readInterface(view, at, length, this.#little, this.#interfaces.length);
    // It is kept even so: interfaces are told by their number.
    if (!read.whole) this.#overrun(offset);
    this.#own.push(read.interface);
    this.#all.push(read.interface);
    const { name, description, linkType, snapLength } = read.interface;
    this.#interfaces.push({ name, description, linkType, snapLength, number: this.#own.length - 1 });
  }

  #statistics(view: DataView, at: number, length: number, offset: number): void {
    const owner = length < 24 ? undefined : this.#own[view.getUint32(at + 8, this.#little)];
    if (owner === undefined) {
      this.#log.damage(offset, 'interface statistics are too short or of an interface that is not described');
      return;
    }
    if (!readStatistics(view, at, length, this.#little, owner)) this.#overrun(offset);
    const { drops } = this.#log;
    drops.interface = total(this.#all.map((one) => one.dropsInterface));
    drops.kernel = total(this.#all.map((one) => one.dropsKernel));
  }

  #overrun(offset: number): void {
    this.#log.damage(offset, 'an option reaches past the end of its block');
  }

  #stop(offset: number, reason: string): void {
    this.#log.damage(offset, reason);
    this.stopped = true;
  }

  finish(left: number, offset: number): void {
    if (this.#skip > 0) this.#log.damage(this.#skipFrom, `block cut short: ${this.#skip} bytes are missing`);
    else if (left > 0) this.#log.damage(offset, `block cut short after ${left} bytes`);
  }
}

/** Sum of what is known; null when nothing is. */
function total(counts: readonly (number | undefined)[]): number | null {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}
