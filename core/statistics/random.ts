/** Numbers that look random and are the same on every run (xorshift, Marsaglia 2003). */
export class Random {
  #state = 0x9e3779b9;

  /** From above 0 to 1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 0x1_0000_0000;
  }
}
