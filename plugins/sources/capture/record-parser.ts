import type { FrameBatch } from '../../../core/frame/batch.ts';

/** Reads the records of one format out of a window of bytes. */
export interface RecordParser {
  /**
   * Writes the whole records between `from` and `end` of the batch's bytes into the batch, from place `batch.count`
   * on, until they or the batch's places run out.
   * @param view over all of `batch.bytes`
   * @param base place in the input of the window's first byte
   * @returns the place behind the last byte it is done with
   */
  parse(batch: FrameBatch, view: DataView, from: number, end: number, base: number): number;
  /** Damage was met behind which nothing can be read. */
  readonly stopped: boolean;
  /** The input ended with `left` bytes that make no whole record, the first of them at `offset`: notes the damage. */
  finish(left: number, offset: number): void;
}

/** Comments of the frames in the current batch, found when asked for. */
export class FrameComments {
  readonly #places = new Map<number, readonly [from: number, end: number, little: boolean]>();

  clear(): void {
    if (this.#places.size > 0) this.#places.clear();
  }

  /** Notes that the options between `from` and `end` hold a comment. */
  note(place: number, from: number, end: number, little: boolean): void {
    this.#places.set(place, [from, end, little]);
  }

  /** The options of a frame that has a comment. */
  at(place: number): readonly [from: number, end: number, little: boolean] | undefined {
    return this.#places.get(place);
  }
}
