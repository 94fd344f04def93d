/** Segments of one side that are remembered until they are acknowledged, at first and at most. */
const FIRST_SEGMENTS = 8;
export const MOST_SEGMENTS = 256;

/** No window was announced yet. */
export const NO_WINDOW = -1;
/** Window scaling: not known, and known not to be used. */
export const SCALE_UNKNOWN = -1;
export const SCALE_OFF = -2;

/** Sequence numbers are compared modulo 2^32 (RFC 9293, section 3.4). */
export const isBefore = (one: number, other: number): boolean => ((one - other) | 0) < 0;

/** What one side of a connection has sent. Sequence numbers are 32-bit, 0 where there was none, as in Wireshark. */
export class TcpSide {
  /** Where relative numbers count from, once `based`. */
  base = 0;
  based = false;
  /** Highest sequence number sent, and one past it. */
  next = 0;
  /** End of what was seen without a hole: more cannot have been acknowledged. */
  continuous = 0;
  acknowledgment = 0;
  duplicates = 0;
  /** As sent, and scaled. */
  window = NO_WINDOW;
  scaledWindow = 0;
  scale = SCALE_UNKNOWN;
  /** The last segment was a keep-alive, or a probe of a zero window. */
  keptAlive = false;
  probed = false;
  /** What is in flight is known: no hole since the other side's last ACK. */
  flightKnown = true;
  pushedLast = false;
  pushed = 0;
  /** Times in nanoseconds: of the last segment, of the one that moved `next`, of the SYN that waits for an answer. */
  lastTime = Number.NaN;
  nextTime = Number.NaN;
  synTime = Number.NaN;
  synSeen = false;
  /** Number behind the last SYN and its data. */
  opened = 0;
  // Segments not acknowledged yet, in the order they were sent.
  count = 0;
  #from = new Int32Array(FIRST_SEGMENTS);
  #to = new Int32Array(FIRST_SEGMENTS);
  #sent = new Float64Array(FIRST_SEGMENTS);

  /** Moves all times. */
  shift(delta: number): void {
    this.lastTime += delta;
    this.nextTime += delta;
    this.synTime += delta;
    for (let i = 0; i < this.count; i += 1) this.#sent[i]! += delta;
  }

  /** Remembers a segment. Where there is no more room the last one is made longer. */
  send(from: number, to: number, time: number): void {
    const { count } = this;
    if (count === this.#from.length) {
      if (count >= MOST_SEGMENTS) {
        if (isBefore(this.#to[count - 1]!, to)) this.#to[count - 1] = to;
        this.#sent[count - 1] = time;
        return;
      }
      this.#grow();
    }
    this.#from[count] = from;
    this.#to[count] = to;
    this.#sent[count] = time;
    this.count = count + 1;
  }

  #grow(): void {
    const size = 2 * this.#from.length;
    const [from, to, sent] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)];
    from.set(this.#from);
    to.set(this.#to);
    sent.set(this.#sent);
    this.#from = from;
    this.#to = to;
    this.#sent = sent;
  }

  /** True when a segment that lies in one of those not acknowledged yet was sent before. */
  holds(from: number, to: number): boolean {
    for (let i = this.count - 1; i >= 0; i -= 1)
      if (!isBefore(from, this.#from[i]!) && !isBefore(this.#to[i]!, to)) return true;
    return false;
  }

  /** Forgets what is acknowledged; returns when the first segment that ends there was sent, or NaN. */
  acknowledge(number: number): number {
    const from = this.#from;
    const to = this.#to;
    const sent = this.#sent;
    let time = Number.NaN;
    let kept = 0;
    for (let i = 0; i < this.count; i += 1) {
      const end = to[i]!;
      if (end === number && time !== time) time = sent[i]!;
      if (!isBefore(number, end)) continue;
      // Part of it is acknowledged.
      from[kept] = isBefore(from[i]!, number) ? number : from[i]!;
      to[kept] = end;
      sent[kept] = sent[i]!;
      kept += 1;
    }
    this.count = kept;
    return time;
  }

  /** Bytes from the first to the last one that is not acknowledged, holes included. */
  inFlight(): number {
    let first = 0xffffffff;
    let last = 0;
    for (let i = 0; i < this.count; i += 1) {
      const from = (this.#from[i]! - this.base) >>> 0;
      const to = (this.#to[i]! - this.base) >>> 0;
      if (from < first) first = from;
      if (to > last) last = to;
    }
    return last > first ? last - first : 0;
  }
}
