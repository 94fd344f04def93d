import { IDLE } from './settings.ts';

/** Flows that ended this soon after they began are remembered: only then can another have the same key and start. */
const MEMORY = 10e9;
/** Times the clock has been set back are told apart by a number of this size. */
const ERA = 1 << 20;

interface Remembered {
  readonly hash: number;
  readonly start: number;
  readonly again: number;
}

/**
 * Counts flows with equal key and start, so that their identities differ. Two such flows exist only when the first one
 * ended within the reach of disorder, or when the clock was set back over its start; both are rare.
 */
export class Births {
  /** By key hash, the latest; with the order in which they ended, to forget them. */
  readonly #recent = new Map<number, Remembered>();
  #order: Remembered[] = [];
  #head = 0;
  #era = 0;
  /** Spans of starts in earlier runs of the clock, in Unix nanoseconds (rounded). */
  readonly #spans: [number, number][] = [];
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  /** The clock was set back. */
  nextEra(): void {
    this.#spans.push([this.#lowest, this.#highest]);
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
    this.#recent.clear();
    this.#order = [];
    this.#head = 0;
    this.#era += 1;
  }

  /**
   * How many earlier flows had this key and start (nanoseconds from `base`, Unix seconds). Where starts of an earlier
   * run of the clock repeat, that run's number is mixed in.
   */
  count(hash: number, base: number, start: number, clock: number): number {
    const absolute = base * 1e9 + start;
    if (absolute < this.#lowest) this.#lowest = absolute;
    if (absolute > this.#highest) this.#highest = absolute;
    let again = 0;
    if (this.#head < this.#order.length) {
      this.#forget(clock);
      const one = this.#recent.get(hash);
      if (one !== undefined && one.start === start) again = one.again + 1;
    }
    if (this.#era > 0 && this.#spans.some(([low, high]) => absolute >= low && absolute <= high))
      again += this.#era * ERA;
    return again;
  }

  /** A flow has ended. */
  ended(hash: number, start: number, again: number, reason: number, clock: number): void {
    if (reason === IDLE || clock - start > MEMORY) return;
    const one = { hash, start, again: again % ERA };
    this.#recent.set(hash, one);
    this.#order.push(one);
  }

  #forget(clock: number): void {
    while (this.#head < this.#order.length && clock - this.#order[this.#head]!.start > MEMORY) {
      const one = this.#order[this.#head]!;
      if (this.#recent.get(one.hash) === one) this.#recent.delete(one.hash);
      this.#head += 1;
    }
    if (this.#head > 1024 && this.#head * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
  }
}
