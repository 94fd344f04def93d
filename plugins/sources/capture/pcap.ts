import type { SourceInterface } from '../../../core/declare/source.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import type { InputLog } from './input-log.ts';
import { PCAP_HEADER_LENGTH, type PcapLayout, readPcapHeader } from './pcap-header.ts';
import { RECORD_EMPTY, RECORD_LENGTH, RECORD_SNAPPED, TIME_FRACTION } from './record-limits.ts';
import type { RecordParser } from './record-parser.ts';

/** Records of a pcap file, of every magic and byte order. Source: draft-ietf-opsawg-pcap; libpcap where they differ. */
export class PcapParser implements RecordParser {
  stopped = false;
  readonly #log: InputLog;
  readonly #interfaces: SourceInterface[];
  readonly #name: string | undefined;
  #layout: PcapLayout | undefined;
  #interfaceId = 0;
  /** Captured length of the record that was not all there. */
  #pending = 0;

  /** @param name of the interface, where it is known from outside */
  constructor(log: InputLog, interfaces: SourceInterface[], name?: string) {
    this.#log = log;
    this.#interfaces = interfaces;
    this.#name = name;
  }

  parse(batch: FrameBatch, view: DataView, from: number, end: number, base: number): number {
    const layout = this.#layout;
    if (layout === undefined) {
      const behind = this.#header(view, from, end, base);
      return this.#layout === undefined ? from : this.parse(batch, view, behind, end, base);
    }
    const { littleEndian, recordHeaderLength, linkType, checkLength, snapLength } = layout;
    const maximum = layout.maximumCaptured;
    const nanoseconds = layout.unitsPerSecond === 1e9;
    const units = layout.unitsPerSecond;
    const swaps = layout.swapped !== 'no';
    const always = layout.swapped === 'yes';
    const { capacity } = batch;
    let place = batch.count;
    let at = from;
    while (place < capacity && at + recordHeaderLength <= end) {
      let captured = view.getUint32(at + 8, littleEndian);
      let wire = view.getUint32(at + 12, littleEndian);
      if (swaps && (always || captured > wire)) {
        const first = captured;
        captured = wire;
        wire = first;
      }
      if (captured > maximum) {
        this.stopped = true;
        this.#log.damage(base + at, `record states ${captured} bytes captured, more than ${maximum}`);
        break;
      }
      const bytesAt = at + recordHeaderLength;
      if (bytesAt + captured > end) {
        this.#pending = captured;
        break;
      }
      let seconds = view.getUint32(at, littleEndian);
      let fraction = view.getUint32(at + 4, littleEndian);
      let anomaly = 0;
      if (captured === 0) anomaly = RECORD_EMPTY;
      else if (captured > snapLength) anomaly = RECORD_SNAPPED;
      if (fraction >= units) {
        seconds += Math.floor(fraction / units);
        fraction %= units;
        anomaly = TIME_FRACTION;
      }
      if (wire < captured) {
        wire = captured;
        anomaly = RECORD_LENGTH;
      }
      batch.offset[place] = bytesAt;
      batch.captured[place] = checkLength > 0 ? withoutCheck(captured, wire, checkLength) : captured;
      batch.wire[place] = wire;
      batch.seconds[place] = seconds;
      batch.nanoseconds[place] = nanoseconds ? fraction : fraction * 1000;
      batch.linkType[place] = linkType;
      batch.checkLength[place] = checkLength;
      batch.interfaceId[place] = this.#interfaceId;
      batch.fileOffset[place] = base + at;
      batch.anomaly[place] = anomaly;
      batch.dropped[place] = 0;
      place += 1;
      at = bytesAt + captured;
    }
    batch.count = place;
    return at;
  }

  #header(view: DataView, from: number, end: number, base: number): number {
    if (from + PCAP_HEADER_LENGTH > end) return from;
    const layout = readPcapHeader(view, from);
    if ('reason' in layout) {
      this.stopped = true;
      this.#log.damage(base + layout.offset, layout.reason);
      return from;
    }
    if (from + layout.headerLength > end) return from;
    this.#layout = layout;
    const { linkType, snapLength } = layout;
    this.#interfaceId = this.#interfaces.push({ name: this.#name, linkType, snapLength }) - 1;
    return from + layout.headerLength;
  }

  finish(left: number, offset: number): void {
    const layout = this.#layout;
    if (layout === undefined) {
      this.#log.damage(offset, `file header cut short: ${left} of ${PCAP_HEADER_LENGTH} bytes`);
    } else if (left > 0 && left < layout.recordHeaderLength) {
      this.#log.damage(offset, `record header cut short: ${left} of ${layout.recordHeaderLength} bytes`);
    } else if (left > 0) {
      this.#log.damage(offset, `record cut short: ${left - layout.recordHeaderLength} of ${this.#pending} bytes`);
    }
  }
}

/** Captured bytes that are the frame's own when its last `checkLength` bytes on the wire are a check sequence. */
export function withoutCheck(captured: number, wire: number, checkLength: number): number {
  const frame = wire > checkLength ? wire - checkLength : 0;
  return Math.min(captured, frame);
}
