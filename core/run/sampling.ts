import { copyFrame, type FrameBatch } from '../frame/batch.ts';

/**
 * Leaves one frame of every `interval` in a batch: the first, and then each that many after (systematic count-based
 * sampling, RFC 5475, section 5.1).
 */
export class Sampler {
  readonly #interval: number;
  /** Frames to pass over before the next one that is used. */
  #wait = 0;

  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Takes the others out; those that stay keep their order and their `numbers`. */
  filter(batch: FrameBatch): void {
    const { count } = batch;
    let kept = 0;
    let next = this.#wait;
    for (; next < count; next += this.#interval) {
      if (kept < next) {
        copyFrame(batch, next, batch, kept);
        batch.offset[kept] = batch.offset[next]!;
      }
      kept += 1;
    }
    this.#wait = next - count;
    batch.count = kept;
  }
}
