import type { SourceInterface } from '../declare/source.ts';
import { FrameBatch } from '../frame/batch.ts';
import { Frame, MAXIMUM_LAYERS } from '../frame/frame.ts';
import { TextChunk } from './text-chunk.ts';

/** What a frame has besides its bytes. */
export interface Surroundings {
  readonly interfaces: readonly SourceInterface[];
  comments?(place: number): readonly string[];
}

/** A moment: whole Unix seconds and nanoseconds. A record without a time counts as 1970, as in Wireshark. */
class Moment {
  seconds = 0;
  nanoseconds = 0;
  known = false;

  set(seconds: number, nanoseconds: number): void {
    this.seconds = nanoseconds < 0 ? 0 : seconds;
    this.nanoseconds = Math.max(nanoseconds, 0);
    this.known = true;
  }
}

/** Where a run over frames is: the frame last walked, its record, and what came before. One object, reused. */
export class Cursor {
  readonly frame: Frame;
  readonly surroundings: Surroundings;
  batch: FrameBatch = new FrameBatch(1, 0);
  /** Place of the frame in the batch. */
  index = 0;
  /** Number of the frame in the run, from 1. */
  number = 0;
  /** Identity of the frame's flow; -1 in `flowHigh` for none. */
  flowHigh = -1;
  flowLow = 0;
  /** Segment of the flow that the frame is in. */
  segment = 0;
  /** By dissector id: its outermost layer, or -1; `next` leads from layer to layer of the same dissector. */
  readonly first: Int32Array;
  readonly next = new Int32Array(MAXIMUM_LAYERS);

  readonly firstTime = new Moment();
  readonly previous = new Moment();
  readonly displayed = new Moment();

  // Scratch of the generated code.
  /** Values of the column so far, or texts of typed columns. */
  count = 0;
  /** The layer whose lists are read. */
  layer = 0;
  /** Where the cell begins. */
  start = 0;
  /** A time just computed. */
  seconds = 0;
  nanoseconds = 0;
  out = new TextChunk(0);
  /** Where the next byte goes. */
  place = 0;
  values: unknown[] = [];

  constructor(dissectorIds: number, surroundings: Surroundings, frame: Frame = new Frame()) {
    this.frame = frame;
    this.surroundings = surroundings;
    this.first = new Int32Array(dissectorIds).fill(-1);
  }

  /** Goes on to a batch with frames. */
  enter(batch: FrameBatch): void {
    this.batch = batch;
    if (!this.firstTime.known) this.firstTime.set(batch.seconds[0]!, batch.nanoseconds[0]!);
  }

  /** Links the layers of the frame by dissector. Undone by {@link unlink}. */
  link(): void {
    const { frame, first, next } = this;
    const { layerId } = frame;
    for (let layer = frame.layerCount - 1; layer >= 0; layer -= 1) {
      const id = layerId[layer]!;
      next[layer] = first[id]!;
      first[id] = layer;
    }
  }

  unlink(): void {
    const { frame, first } = this;
    const { layerId } = frame;
    for (let layer = frame.layerCount - 1; layer >= 0; layer -= 1) first[layerId[layer]!] = -1;
  }

  /** The frame becomes the one before the next. */
  leave(kept: boolean): void {
    const seconds = this.batch.seconds[this.index]!;
    const nanoseconds = this.batch.nanoseconds[this.index]!;
    this.previous.set(seconds, nanoseconds);
    if (kept) this.displayed.set(seconds, nanoseconds);
  }

  /** The frame's time since a moment (none: no time), in `seconds` and `nanoseconds`; false for a frame without a time. */
  since(moment: Moment): boolean {
    const fraction = this.batch.nanoseconds[this.index]!;
    if (fraction < 0) return false;
    let seconds = moment.known ? this.batch.seconds[this.index]! - moment.seconds : 0;
    let nanoseconds = moment.known ? fraction - moment.nanoseconds : 0;
    if (nanoseconds < 0) {
      seconds -= 1;
      nanoseconds += 1_000_000_000;
    }
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
    return true;
  }
}
