/** Different values that are counted exactly. */
export const EXACT_FREQUENT = 1000;

/**
 * Counts how often values occur: exactly up to {@link EXACT_FREQUENT} different ones, then as Misra and Gries (1982) do
 * with as many counters: a count is too low by at most n / 1,001, and a value more frequent than that is never missed.
 */
export class Frequent {
  #counts = new Map<number | string, number>();

  add(value: number | string): void {
    const counts = this.#counts;
    const before = counts.get(value);
    if (before !== undefined || counts.size < EXACT_FREQUENT) {
      counts.set(value, (before ?? 0) + 1);
      return;
    }
    // All go down by one, the new one too: what comes to nothing makes room.
    for (const [other, count] of counts) {
      if (count === 1) counts.delete(other);
      else counts.set(other, count - 1);
    }
  }

  /** Moves all values. */
  shift(delta: number): void {
    this.#counts = new Map([...this.#counts].map(([value, count]) => [(value as number) + delta, count]));
  }

  /** The most frequent value, the smallest of several; null of nothing. */
  mode(): number | string | null {
    let mode: number | string | null = null;
    let most = 0;
    for (const [value, count] of this.#counts) {
      if (count > most || (count === most && value < mode!)) {
        mode = value;
        most = count;
      }
    }
    return mode;
  }
}
