import type { FrameBatch } from '../frame/batch.ts';

/** Earliest and latest time of the frames seen, exact. */
export class TimeSpan {
  #firstSeconds = Number.POSITIVE_INFINITY;
  #firstNanoseconds = 0;
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #lastNanoseconds = 0;

  take(batch: FrameBatch): void {
    const { seconds, nanoseconds, count } = batch;
    for (let i = 0; i < count; i += 1) {
      const fraction = nanoseconds[i]!;
      if (fraction < 0) continue;
      const whole = seconds[i]!;
      if (whole < this.#firstSeconds || (whole === this.#firstSeconds && fraction < this.#firstNanoseconds)) {
        this.#firstSeconds = whole;
        this.#firstNanoseconds = fraction;
      }
      if (whole > this.#lastSeconds || (whole === this.#lastSeconds && fraction > this.#lastNanoseconds)) {
        this.#lastSeconds = whole;
        this.#lastNanoseconds = fraction;
      }
    }
  }

  /** As seconds with nine decimals. */
  text(): { readonly first: string | null; readonly last: string | null } {
    if (this.#lastSeconds === Number.NEGATIVE_INFINITY) return { first: null, last: null };
    return {
      first: timeText(this.#firstSeconds, this.#firstNanoseconds),
      last: timeText(this.#lastSeconds, this.#lastNanoseconds),
    };
  }
}

/** Whole seconds and nanoseconds as seconds with nine decimals. */
export function timeText(seconds: number, nanoseconds: number): string {
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`;
}
