/** States of one end of a connection, as Zeek's TCP analysis has them. */
export const INACTIVE = 0;
export const SYN_SENT = 1;
export const SYN_ACK_SENT = 2;
export const PARTIAL = 3;
export const ESTABLISHED = 4;
export const CLOSED = 5;
export const RESET = 6;

/** Stretches beyond a hole that are remembered. */
const STRETCHES = 8;

/** How far one sequence number lies behind another, modulo 2^32. */
const distance = (one: number, other: number): number => (one - other) | 0;

/** One end of a connection: its state, its sequence numbers and what of its stream was seen. */
export class ZeekEndpoint {
  state = INACTIVE;
  before = INACTIVE;
  /** Number of the SYN, or one before the first byte. */
  start = 0;
  /** One past the highest number sent, and the highest number the other end has acknowledged. */
  last = 0;
  acknowledged = 0;
  closes = 0;
  // Letters of the history that stand once, and numbers of the last SYN, FIN and RST.
  letters = 0;
  lastSyn = 0;
  lastFin = 0;
  lastReset = 0;
  /** How often what is recorded at 1, 10, 100 times has happened. */
  repeats = 0;
  zeroWindows = 0;
  gaps = 0;
  /** Some segment was not wholly seen: what is acknowledged beyond may have been in it. */
  cut = false;
  /** End of the stream as far as it was seen without a hole. */
  #seen = 0;
  /** Made for the first hole. */
  #stretches: Int32Array | undefined;
  #count = 0;

  clone(): ZeekEndpoint {
    const copy = new ZeekEndpoint();
    copy.state = this.state;
    copy.before = this.before;
    copy.begin(this.start);
    copy.last = this.last;
    copy.acknowledged = this.acknowledged;
    copy.closes = this.closes;
    copy.letters = this.letters;
    copy.lastSyn = this.lastSyn;
    copy.lastFin = this.lastFin;
    copy.lastReset = this.lastReset;
    copy.repeats = this.repeats;
    copy.zeroWindows = this.zeroWindows;
    copy.gaps = this.gaps;
    copy.cut = this.cut;
    copy.#seen = this.#seen;
    copy.#stretches = this.#stretches?.slice();
    copy.#count = this.#count;
    return copy;
  }

  get inactive(): boolean {
    return this.state === INACTIVE || this.state === PARTIAL;
  }

  become(state: number): void {
    if (state === this.state) return;
    this.before = this.state;
    this.state = state;
  }

  /** Numbering begins: at a SYN, or as if there had been one. */
  begin(start: number): void {
    this.start = start | 0;
    this.last = start | 0;
    this.acknowledged = start | 0;
    this.#seen = (start + 1) | 0;
    this.#count = 0;
  }

  /** The other end has acknowledged up to here. Returns true when that shows data that was not seen. */
  acknowledge(number: number): boolean {
    if (distance(number, this.acknowledged) > 0) this.acknowledged = number;
    if (distance(number, this.#seen) <= 0) return false;
    this.#seen = number;
    this.#close();
    return !this.cut;
  }

  /** A stretch of the stream was seen. */
  see(from: number, to: number): void {
    if (distance(to, this.#seen) <= 0) return;
    if (distance(from, this.#seen) <= 0) {
      this.#seen = to | 0;
      this.#close();
    } else if (this.#count < STRETCHES) {
      this.#stretches ??= new Int32Array(2 * STRETCHES);
      this.#stretches[2 * this.#count] = from;
      this.#stretches[2 * this.#count + 1] = to;
      this.#count += 1;
    }
  }

  /** Takes in the stretches that are no longer beyond a hole. */
  #close(): void {
    const stretches = this.#stretches;
    if (stretches === undefined) return;
    for (let i = 0; i < this.#count; ) {
      if (distance(stretches[2 * i]!, this.#seen) > 0) {
        i += 1;
        continue;
      }
      if (distance(stretches[2 * i + 1]!, this.#seen) > 0) this.#seen = stretches[2 * i + 1]!;
      this.#count -= 1;
      stretches[2 * i] = stretches[2 * this.#count]!;
      stretches[2 * i + 1] = stretches[2 * this.#count + 1]!;
      i = 0;
    }
  }

  /** Bytes of payload by the sequence numbers, SYN and FIN not counted. */
  get size(): number {
    const end = distance(this.last, this.acknowledged) > 0 ? this.last : this.acknowledged;
    const size = Math.max(distance(end, this.start) - 1, 0);
    return this.closes > 0 && size > 0 ? size - 1 : size;
  }
}
