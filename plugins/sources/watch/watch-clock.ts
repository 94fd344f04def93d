import type { FrameBatch } from '../../../core/frame/batch.ts';

/**
 * Says whether wall time may move the clock of a run over a watched folder. Times of captures may be of any age, so it may
 * only while the latest file is followed, the last frame was new when it came, and no frame came later after its capture
 * than the delay that is allowed for: then none that is still to come is older than that.
 */
export class WatchClock {
  readonly #delay: number;
  #isNew = false;
  #isLate = false;
  /** All that was written had been read when the last frames came. */
  #drained = false;

  /** @param delay milliseconds */
  constructor(delay: number) {
    this.#delay = delay;
  }

  /** Frames have come. */
  take(batch: FrameBatch, now = Date.now()): void {
    const last = batch.count - 1;
    if (this.#drained) this.#isLate = now - timeOf(batch, 0) > this.#delay;
    this.#isNew = Math.abs(now - timeOf(batch, last)) <= this.#delay;
    this.#drained = false;
  }

  /** There are no frames now. */
  drain(isLatest: boolean): void {
    this.#drained = isLatest;
  }

  /** Wall time moves the clock. */
  get runs(): boolean {
    return this.#drained && this.#isNew && !this.#isLate;
  }
}

/** Milliseconds; NaN, which is near nothing, for a frame without a time. */
const timeOf = ({ seconds, nanoseconds }: FrameBatch, i: number): number =>
  nanoseconds[i]! < 0 ? Number.NaN : seconds[i]! * 1000 + nanoseconds[i]! / 1e6;
