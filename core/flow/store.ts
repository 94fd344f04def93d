/** Flows in a page. Memory grows page by page and is reused: no pause copies all flows. */
const PAGE = 1024;
const SHIFT = 10;
const MASK = PAGE - 1;

// Float64 part of a flow's record. What few frames touch comes first, so that the rest lies close to the features' slots.
/** Unix seconds that this record's times count from. */
export const BASE = 0;
/** Time of the flow's first frame, in whatever segment. */
export const BORN = 1;
/** Number of the flow's first frame in the run. */
export const FIRST = 2;
/** When the record was or will be final. */
export const MOMENT = 3;
/** Run clock at the segment's start: the order of the segment list. */
export const OPENED = 4;
/** Time of the segment's first frame. */
export const START = 5;
/** Time of the last frame. */
export const LAST = 6;
/** Frames in the segment. */
export const FRAMES = 7;
/** Run clock at the last frame. */
export const TOUCHED = 8;
/** Run clock when the record was last moved in the idle order: at most a grain of time before `TOUCHED`. */
export const LISTED = 9;
export const FLOAT_SLOTS = 10;

// Int32 part.
/** Three pairs of links: idle order, linger order, segment order. */
export const LINKS = 0;
export const HASH = 6;
export const SEGMENT = 7;
/** How many earlier flows had this key and start. */
export const AGAIN = 8;
export const REASON = 9;
export const STATE = 10;
export const ACK_FORWARD = 11;
export const ACK_BACKWARD = 12;
export const SYN_FORWARD = 13;
export const SYN_BACKWARD = 14;
export const FIN_FORWARD = 15;
export const FIN_BACKWARD = 16;
export const KEY = 17;

/**
 * Records of flows, by slot number. A record is a stretch of a Float64Array page (times, then the features' state), a
 * stretch of an Int32Array page (state, list links, key) and, where features need them, objects.
 */
export class FlowStore {
  readonly floats: Float64Array[] = [];
  readonly integers: Int32Array[] = [];
  /** By slot; only filled when features have object states. */
  readonly objects: (unknown[] | undefined)[] = [];
  readonly floatStride: number;
  readonly integerStride: number;
  readonly #birth: Float64Array;
  #free = new Int32Array(PAGE);
  #freeCount = 0;
  /** Slots in use. */
  used = 0;

  /** @param birth the features' slots at birth; @param keyWords 32-bit words of a key */
  constructor(birth: Float64Array, keyWords: number) {
    this.#birth = birth;
    this.floatStride = FLOAT_SLOTS + birth.length;
    this.integerStride = KEY + keyWords;
  }

  /** A slot with the features' state at birth; everything else of the record is the caller's to set. */
  allocate(): number {
    if (this.#freeCount === 0) this.#grow();
    this.#freeCount -= 1;
    this.used += 1;
    const slot = this.#free[this.#freeCount]!;
    this.reset(slot);
    return slot;
  }

  /** Puts the features' slots to their values at birth. */
  reset(slot: number): void {
    const birth = this.#birth;
    const page = this.floats[slot >> SHIFT]!;
    const at = (slot & MASK) * this.floatStride + FLOAT_SLOTS;
    for (let i = 0; i < birth.length; i += 1) page[at + i] = birth[i]!;
  }

  free(slot: number): void {
    if (this.#freeCount === this.#free.length) {
      const more = new Int32Array(this.#free.length * 2);
      more.set(this.#free);
      this.#free = more;
    }
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
    this.used -= 1;
    if (this.objects.length > slot) this.objects[slot] = undefined;
  }

  floatPage(slot: number): Float64Array {
    return this.floats[slot >> SHIFT]!;
  }

  floatAt(slot: number): number {
    return (slot & MASK) * this.floatStride;
  }

  integerPage(slot: number): Int32Array {
    return this.integers[slot >> SHIFT]!;
  }

  integerAt(slot: number): number {
    return (slot & MASK) * this.integerStride;
  }

  #grow(): void {
    const first = this.floats.length * PAGE;
    this.floats.push(new Float64Array(PAGE * this.floatStride));
    this.integers.push(new Int32Array(PAGE * this.integerStride));
    for (let i = PAGE - 1; i >= 0; i -= 1) {
      this.#free[this.#freeCount] = first + i;
      this.#freeCount += 1;
    }
  }
}

/** A list of slots in the order of a time, linked through the records. `which` is 0, 1 or 2. */
export class FlowList {
  head = -1;
  tail = -1;
  readonly #store: FlowStore;
  readonly #link: number;

  constructor(store: FlowStore, which: 0 | 1 | 2) {
    this.#store = store;
    this.#link = LINKS + 2 * which;
  }

  append(slot: number): void {
    const store = this.#store;
    const link = this.#link;
    const page = store.integerPage(slot);
    const at = store.integerAt(slot) + link;
    const { tail } = this;
    page[at] = tail;
    page[at + 1] = -1;
    if (tail < 0) this.head = slot;
    else store.integerPage(tail)[store.integerAt(tail) + link + 1] = slot;
    this.tail = slot;
  }

  remove(slot: number): void {
    const store = this.#store;
    const link = this.#link;
    const page = store.integerPage(slot);
    const at = store.integerAt(slot) + link;
    const previous = page[at]!;
    const next = page[at + 1]!;
    if (previous < 0) this.head = next;
    else store.integerPage(previous)[store.integerAt(previous) + link + 1] = next;
    if (next < 0) this.tail = previous;
    else store.integerPage(next)[store.integerAt(next) + link] = previous;
  }

  /** Moves a slot to the end. */
  touch(slot: number): void {
    if (this.tail === slot) return;
    this.remove(slot);
    this.append(slot);
  }

  /** Puts a slot in the place of another. */
  replace(slot: number, by: number): void {
    const store = this.#store;
    const link = this.#link;
    const from = store.integerPage(slot);
    const at = store.integerAt(slot) + link;
    const previous = from[at]!;
    const next = from[at + 1]!;
    const to = store.integerPage(by);
    const place = store.integerAt(by) + link;
    to[place] = previous;
    to[place + 1] = next;
    if (previous < 0) this.head = by;
    else store.integerPage(previous)[store.integerAt(previous) + link + 1] = by;
    if (next < 0) this.tail = by;
    else store.integerPage(next)[store.integerAt(next) + link] = by;
  }

  previous(slot: number): number {
    const store = this.#store;
    return store.integerPage(slot)[store.integerAt(slot) + this.#link]!;
  }

  next(slot: number): number {
    const store = this.#store;
    return store.integerPage(slot)[store.integerAt(slot) + this.#link + 1]!;
  }
}
