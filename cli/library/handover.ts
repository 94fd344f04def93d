/** Hands values from one task to another, a list at a time; the giver waits until its list was taken. */
export class Handover<T> {
  #waiting: readonly T[] | undefined;
  #taken: (() => void) | undefined;
  #given: (() => void) | undefined;
  #ended = false;

  /** Resolves when the values were taken, or when nobody takes any more. */
  give(values: readonly T[]): Promise<void> {
    if (this.#ended || values.length === 0) return Promise.resolve();
    this.#waiting = values;
    this.#given?.();
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }

  /** The next values; undefined at the end. */
  async take(): Promise<readonly T[] | undefined> {
    // What was given before has been used up by now.
    this.#taken?.();
    this.#taken = undefined;
    if (this.#waiting === undefined && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#given = resolve;
      });
    }
    const values = this.#waiting;
    this.#waiting = undefined;
    return values;
  }

  /** No more values come, or no more are wanted: both sides go on. */
  end(): void {
    this.#ended = true;
    this.#given?.();
    this.#taken?.();
    this.#taken = undefined;
  }
}
