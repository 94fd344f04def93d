import type { FrameReader } from '../declare/source.ts';
import { FrameBatch } from '../frame/batch.ts';
import { FrameHeap } from './frame-heap.ts';
import { HeldFrames } from './held-frames.ts';

/** Frames that wait at most; past that the earliest goes on at once, however short it has waited. */
export const MOST_FRAMES = 1 << 17;
/** Bytes that wait at most, likewise. */
export const MOST_BYTES = 1 << 28;

/** How frames are put in order of time. */
export interface Reorder {
  /** Frames up to this many nanoseconds behind the latest one are put in their place. */
  readonly window: number;
  /** A frame further behind than this (and the window) is a step of the clock: all before it go on first. */
  readonly step: number;
  /** Frames of the input at most. */
  readonly most: number;
  /** Milliseconds that frames of a live source may come after their capture. */
  readonly lag?: number;
  /** Frames and bytes that wait at most, besides a batch: for tests. */
  readonly frames?: number;
  readonly bytes?: number;
}

/**
 * A source around a source that puts frames in order of their times: each waits until the latest time is a window past its
 * own. Frames of one time stay as they came, one that is later than the window goes on at once, one without a time counts
 * as of the latest. The order does not depend on how the source cuts its frames into batches. `numbers` of a batch
 * are the places of its frames in the input.
 */
export class ReorderingReader implements FrameReader {
  /** Frames that came behind later ones and go on before them, in order. */
  reordered = 0;
  readonly #reader: FrameReader;
  readonly #reorder: Required<Reorder>;
  readonly #held = new HeldFrames();
  readonly #heap = new FrameHeap((a, b) => this.#before(a, b));
  /** What may go on, in order. */
  #ready: number[] = [];
  #given = 0;
  // By slot: the run of the clock, the time that orders, the frame's place in the input.
  #era = new Float64Array(1024);
  #seconds = new Float64Array(1024);
  #nanoseconds = new Float64Array(1024);
  #number = new Float64Array(1024);
  #input: FrameBatch | undefined;
  #frames = 0;
  /** Bytes of the frames that wait. */
  #waiting = 0;
  #eras = 0;
  #latestSeconds = Number.NEGATIVE_INFINITY;
  #latestNanoseconds = 0;
  /** Time of the frame that went on last. */
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #lastNanoseconds = 0;
  #over = false;

  constructor(reader: FrameReader, reorder: Reorder) {
    this.#reader = reader;
    this.#reorder = { frames: MOST_FRAMES, bytes: MOST_BYTES, lag: 0, ...reorder };
  }

  get interfaces(): FrameReader['interfaces'] {
    return this.#reader.interfaces;
  }

  statistics(): ReturnType<FrameReader['statistics']> {
    return this.#reader.statistics();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async read(batch: FrameBatch): Promise<number> {
    this.#input ??= new FrameBatch(batch.capacity);
    const input = this.#input;
    for (;;) {
      if (this.#given < this.#ready.length) return this.#give(batch);
      if (this.#over) return 0;
      const left = this.#reorder.most - this.#frames;
      const read = left <= 0 ? 0 : this.#reader.read(input);
      const count = typeof read === 'number' ? read : await read;
      if (count > 0) {
        input.count = Math.min(count, left);
        this.#held.take(input, (slot) => this.#take(slot));
      } else if (count === 0) this.#end();
      else {
        if (count === -1) this.#pass(Date.now() - this.#reorder.lag);
        if (this.#given === this.#ready.length) return count;
      }
    }
  }

  /** What still waits, without reading on; 0 when nothing does. */
  rest(batch: FrameBatch): number {
    this.#end();
    return this.#give(batch);
  }

  #end(): void {
    this.#over = true;
    while (this.#heap.count > 0) this.#release();
  }

  /** The earliest that waits may go on. */
  #release(): void {
    const slot = this.#heap.pop();
    this.#waiting -= this.#held.columns.captured[slot]!;
    this.#ready.push(slot);
    this.#lastSeconds = this.#seconds[slot]!;
    this.#lastNanoseconds = this.#nanoseconds[slot]!;
  }

  /** Nothing has come for a while (live): by the wall clock some may have waited long enough. */
  #pass(wall: number): void {
    const time = Math.floor(wall / 1000);
    while (this.#heap.count > 0 && this.#ahead(time, (wall % 1000) * 1e6, this.#heap.top) >= this.#reorder.window)
      this.#release();
  }

  #take(slot: number): void {
    if (slot >= this.#number.length) this.#grow();
    this.#frames += 1;
    this.#number[slot] = this.#frames;
    const { columns } = this.#held;
    const fraction = columns.nanoseconds[slot]!;
    const absent = fraction < 0;
    this.#era[slot] = this.#eras;
    this.#seconds[slot] = absent ? this.#latestSeconds : columns.seconds[slot]!;
    this.#nanoseconds[slot] = absent ? this.#latestNanoseconds : fraction;
    const late = this.#ahead(this.#latestSeconds, this.#latestNanoseconds, slot);
    const { window, step, frames, bytes } = this.#reorder;
    const isStep = late > Math.max(window, step);
    if (isStep) {
      this.#eras += 1;
      this.#era[slot] = this.#eras;
    } else if (late > 0 && !(this.#ahead(this.#lastSeconds, this.#lastNanoseconds, slot) > 0)) this.reordered += 1;
    if (!absent && (isStep || !(late > 0))) {
      this.#latestSeconds = this.#seconds[slot]!;
      this.#latestNanoseconds = this.#nanoseconds[slot]!;
    }
    const heap = this.#heap;
    heap.push(slot);
    this.#waiting += columns.captured[slot]!;
    while (heap.count > 0 && (this.#isDue(heap.top) || heap.count > frames || this.#waiting > bytes)) this.#release();
  }

  #isDue(slot: number): boolean {
    return (
      this.#era[slot]! < this.#eras ||
      !(this.#ahead(this.#latestSeconds, this.#latestNanoseconds, slot) < this.#reorder.window)
    );
  }

  /** Nanoseconds from a held frame to a time; NaN where neither is known. */
  #ahead(seconds: number, nanoseconds: number, slot: number): number {
    return (seconds - this.#seconds[slot]!) * 1e9 + (nanoseconds - this.#nanoseconds[slot]!);
  }

  #before(a: number, b: number): boolean {
    if (this.#era[a] !== this.#era[b]) return this.#era[a]! < this.#era[b]!;
    if (this.#seconds[a] !== this.#seconds[b]) return this.#seconds[a]! < this.#seconds[b]!;
    if (this.#nanoseconds[a] !== this.#nanoseconds[b]) return this.#nanoseconds[a]! < this.#nanoseconds[b]!;
    return this.#number[a]! < this.#number[b]!;
  }

  #grow(): void {
    const larger = (column: Float64Array) => {
      const more = new Float64Array(2 * column.length);
      more.set(column);
      return more;
    };
    this.#era = larger(this.#era);
    this.#seconds = larger(this.#seconds);
    this.#nanoseconds = larger(this.#nanoseconds);
    this.#number = larger(this.#number);
  }

  #give(batch: FrameBatch): number {
    batch.count = 0;
    batch.numbers ??= new Float64Array(batch.capacity);
    let at = 0;
    while (batch.count < batch.capacity && this.#given < this.#ready.length) {
      const slot = this.#ready[this.#given]!;
      batch.numbers[batch.count] = this.#number[slot]!;
      at = this.#held.give(slot, batch, at);
      this.#given += 1;
    }
    if (this.#given === this.#ready.length) {
      this.#ready = [];
      this.#given = 0;
    }
    return batch.count;
  }
}
