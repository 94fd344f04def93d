/** Segments of one side that are remembered until they are acknowledged, at most. */
export const MOST_SEGMENTS = 256;
/** Places of a segment in the list of them: its first sequence number, the one behind it, and when it was sent. */
const FROM = 0;
const TO = 1;
const SENT = 2;
const SEGMENT = 3;
/** Place of the first of three times in a side's slots. */
const LAST_TIME = 14;

/** No window was announced yet. */
export const NO_WINDOW = -1;
/** Window scaling: not known, and known not to be used. */
export const SCALE_UNKNOWN = -1;
export const SCALE_OFF = -2;

/** Sequence numbers are compared modulo 2^32 (RFC 9293, section 3.4). */
export const isBefore = (one: number, other: number): boolean => ((one - other) | 0) < 0;

/** Stands for the list of a side that has sent nothing. */
export const NONE: number[] = [];

/** Numbers of a side in a flow's slots, at birth: those of {@link TcpSide} in their order. */
export const SIDE_SLOTS: readonly number[] = (() => {
  const slots = new Array<number>(20).fill(0);
  slots[6] = NO_WINDOW;
  slots[8] = SCALE_UNKNOWN;
  slots[11] = 1;
  slots.fill(Number.NaN, LAST_TIME, LAST_TIME + 3);
  return slots;
})();
/** Those that hold times. */
export const SIDE_TIMES: readonly number[] = [LAST_TIME, LAST_TIME + 1, LAST_TIME + 2];

/**
 * What one side of a connection has sent. It lies in the flow's slots, and is read from there before a frame and written
 * back behind it: an object for each flow would cost more than both. Sequence numbers are 32-bit, 0 where there was none, as in Wireshark.
 */
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
  #segments: number[] = NONE;

  /** Becomes the side whose numbers and segments these are. */
  load(slots: Float64Array, at: number, segments: number[]): void {
    this.base = slots[at]!;
    this.based = slots[at + 1] === 1;
    this.next = slots[at + 2]!;
    this.continuous = slots[at + 3]!;
    this.acknowledgment = slots[at + 4]!;
    this.duplicates = slots[at + 5]!;
    this.window = slots[at + 6]!;
    this.scaledWindow = slots[at + 7]!;
    this.scale = slots[at + 8]!;
    this.keptAlive = slots[at + 9] === 1;
    this.probed = slots[at + 10] === 1;
    this.flightKnown = slots[at + 11] === 1;
    this.pushedLast = slots[at + 12] === 1;
    this.pushed = slots[at + 13]!;
    this.lastTime = slots[at + 14]!;
    this.nextTime = slots[at + 15]!;
    this.synTime = slots[at + 16]!;
    this.synSeen = slots[at + 17] === 1;
    this.opened = slots[at + 18]!;
    this.count = slots[at + 19]!;
    this.#segments = segments;
  }

  /** Writes the numbers back; returns the segments. */
  save(slots: Float64Array, at: number): number[] {
    slots[at] = this.base;
    slots[at + 1] = Number(this.based);
    slots[at + 2] = this.next;
    slots[at + 3] = this.continuous;
    slots[at + 4] = this.acknowledgment;
    slots[at + 5] = this.duplicates;
    slots[at + 6] = this.window;
    slots[at + 7] = this.scaledWindow;
    slots[at + 8] = this.scale;
    slots[at + 9] = Number(this.keptAlive);
    slots[at + 10] = Number(this.probed);
    slots[at + 11] = Number(this.flightKnown);
    slots[at + 12] = Number(this.pushedLast);
    slots[at + 13] = this.pushed;
    slots[at + 14] = this.lastTime;
    slots[at + 15] = this.nextTime;
    slots[at + 16] = this.synTime;
    slots[at + 17] = Number(this.synSeen);
    slots[at + 18] = this.opened;
    slots[at + 19] = this.count;
    return this.#segments;
  }

  /** Remembers a segment. Where there is no more room the last one is made longer. */
  send(from: number, to: number, time: number): void {
    const { count } = this;
    const at = SEGMENT * count;
    if (count >= MOST_SEGMENTS) {
      const last = at - SEGMENT;
      if (isBefore(this.#segments[last + TO]!, to)) this.#segments[last + TO] = to;
      this.#segments[last + SENT] = time;
      return;
    }
    // Numbers with a fraction make it a list of float64, which needs no object for a time.
    if (this.#segments === NONE) this.#segments = [0.5, 0.5, 0.5];
    const segments = this.#segments;
    if (at === segments.length) segments.push(from, to, time);
    else {
      segments[at + FROM] = from;
      segments[at + TO] = to;
      segments[at + SENT] = time;
    }
    this.count = count + 1;
  }

  /** True when a segment that lies in one of those not acknowledged yet was sent before. */
  holds(from: number, to: number): boolean {
    const segments = this.#segments;
    for (let at = SEGMENT * (this.count - 1); at >= 0; at -= SEGMENT)
      if (!isBefore(from, segments[at + FROM]!) && !isBefore(segments[at + TO]!, to)) return true;
    return false;
  }

  /** Forgets what is acknowledged; returns when the first segment that ends there was sent, or NaN. */
  acknowledge(number: number): number {
    const segments = this.#segments;
    const end = SEGMENT * this.count;
    let time = Number.NaN;
    let kept = 0;
    for (let at = 0; at < end; at += SEGMENT) {
      const to = segments[at + TO]!;
      if (to === number && time !== time) time = segments[at + SENT]!;
      if (!isBefore(number, to)) continue;
      // Part of it is acknowledged.
      const from = segments[at + FROM]!;
      segments[kept + FROM] = isBefore(from, number) ? number : from;
      segments[kept + TO] = to;
      segments[kept + SENT] = segments[at + SENT]!;
      kept += SEGMENT;
    }
    this.count = kept / SEGMENT;
    return time;
  }

  /** Bytes from the first to the last one that is not acknowledged, holes included. */
  inFlight(): number {
    const segments = this.#segments;
    let first = 0xffffffff;
    let last = 0;
    for (let i = 0; i < this.count; i += 1) {
      const from = (segments[SEGMENT * i + FROM]! - this.base) >>> 0;
      const to = (segments[SEGMENT * i + TO]! - this.base) >>> 0;
      if (from < first) first = from;
      if (to > last) last = to;
    }
    return last > first ? last - first : 0;
  }
}

/** Moves the times of a list of segments. */
export function shiftSegments(segments: number[], delta: number): void {
  for (let at = SENT; at < segments.length; at += SEGMENT) segments[at]! += delta;
}
