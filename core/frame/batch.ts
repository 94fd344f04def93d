/**
 * Frames as a source hands them over: one buffer and one column for each property. The caller owns a batch and reuses
 * it; what a source wrote is valid until the next `read`.
 */
export class FrameBatch {
  /** Frames it can hold. */
  readonly capacity: number;
  /** The bytes all frames of the batch lie in. Never a Buffer: element access to one is a quarter slower. */
  bytes: Uint8Array;
  /** Frames in it. */
  count = 0;
  /** Place of each frame's first byte in `bytes`. */
  readonly offset: Int32Array;
  /** Bytes captured (without a frame check sequence, if `checkLength` says that one was recorded). */
  readonly captured: Int32Array;
  /** Bytes on the wire, as the record states them, with the frame check sequence if there was one. */
  readonly wire: Float64Array;
  /** Whole Unix seconds. */
  readonly seconds: Float64Array;
  /** 0 to 999,999,999; -1 for a record without a time. */
  readonly nanoseconds: Int32Array;
  /** LINKTYPE number of each frame. */
  readonly linkType: Int32Array;
  /** Bytes of frame check sequence at the end of the wire length: 0, or mostly 4. */
  readonly checkLength: Uint8Array;
  /** Index into the source's `interfaces`. */
  readonly interfaceId: Int32Array;
  /** Place of the record in its file (float64: files pass 4 GiB); -1 for live frames. */
  readonly fileOffset: Float64Array;
  /** What the source found wrong with the record: interned anomaly code + 1, 0 for nothing. */
  readonly anomaly: Int32Array;
  /** Frames that the capture engine reported lost just before this one (pcapng epb_dropcount). */
  readonly dropped: Float64Array;
  /** Number of each frame in the run, from 1, where some were taken out or put in another order; else undefined. */
  numbers: Float64Array | undefined = undefined;

  constructor(capacity = 4096, bytes = 1 << 20) {
    this.capacity = capacity;
    this.bytes = new Uint8Array(bytes);
    this.offset = new Int32Array(capacity);
    this.captured = new Int32Array(capacity);
    this.wire = new Float64Array(capacity);
    this.seconds = new Float64Array(capacity);
    this.nanoseconds = new Int32Array(capacity);
    this.linkType = new Int32Array(capacity);
    this.checkLength = new Uint8Array(capacity);
    this.interfaceId = new Int32Array(capacity);
    this.fileOffset = new Float64Array(capacity);
    this.anomaly = new Int32Array(capacity);
    this.dropped = new Float64Array(capacity);
  }
}

/** Copies everything about a frame but its bytes and their place to another place, in the same batch or another. */
export function copyFrame(from: FrameBatch, i: number, to: FrameBatch, place: number): void {
  to.captured[place] = from.captured[i]!;
  to.wire[place] = from.wire[i]!;
  to.seconds[place] = from.seconds[i]!;
  to.nanoseconds[place] = from.nanoseconds[i]!;
  to.linkType[place] = from.linkType[i]!;
  to.checkLength[place] = from.checkLength[i]!;
  to.interfaceId[place] = from.interfaceId[i]!;
  to.fileOffset[place] = from.fileOffset[i]!;
  to.anomaly[place] = from.anomaly[i]!;
  to.dropped[place] = from.dropped[i]!;
  if (to.numbers !== undefined && from.numbers !== undefined) to.numbers[place] = from.numbers[i]!;
}
