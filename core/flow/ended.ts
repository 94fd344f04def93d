import { FIRST, type FlowStore, MOMENT, SEGMENT } from './store.ts';

/**
 * Records that have ended, in the stated order of rows: (moment of expiry, number of the flow's first frame, segment), and
 * snapshots among them; what is equal in all three stays as it came. They arrive nearly in order, so each is put in its
 * place from the end. What stands before the barrier belongs to an earlier run of the clock and is never passed.
 */
export class EndedFlows {
  readonly #store: FlowStore;
  #slots = new Int32Array(1024);
  #head = 0;
  #tail = 0;
  #barrier = 0;

  constructor(store: FlowStore) {
    this.#store = store;
  }

  get count(): number {
    return this.#tail - this.#head;
  }

  add(slot: number): void {
    if (this.#tail === this.#slots.length) this.#makeRoom();
    const slots = this.#slots;
    // What has been taken out already is never passed: those records may be other flows' by now.
    const first = Math.max(this.#barrier, this.#head);
    let place = this.#tail;
    while (place > first && this.#before(slot, slots[place - 1]!)) {
      slots[place] = slots[place - 1]!;
      place -= 1;
    }
    slots[place] = slot;
    this.#tail += 1;
  }

  /** Everything so far is final and comes before everything later; what waited for a later moment leaves at `clock`. */
  seal(clock: number): void {
    const store = this.#store;
    for (let place = Math.max(this.#barrier, this.#head); place < this.#tail; place += 1) {
      const page = store.floatPage(this.#slots[place]!);
      const at = store.floatAt(this.#slots[place]!) + MOMENT;
      if (page[at]! > clock) page[at] = clock;
    }
    this.#barrier = this.#tail;
  }

  /** The next record whose moment is not after `horizon`, or -1; it is taken out. */
  take(horizon: number): number {
    if (this.#head === this.#tail) return -1;
    const slot = this.#slots[this.#head]!;
    if (this.#head >= this.#barrier && this.#store.floatPage(slot)[this.#store.floatAt(slot) + MOMENT]! > horizon)
      return -1;
    this.#head += 1;
    return slot;
  }

  #before(one: number, other: number): boolean {
    const store = this.#store;
    const a = store.floatPage(one);
    const b = store.floatPage(other);
    const i = store.floatAt(one);
    const j = store.floatAt(other);
    if (a[i + MOMENT] !== b[j + MOMENT]) return a[i + MOMENT]! < b[j + MOMENT]!;
    if (a[i + FIRST] !== b[j + FIRST]) return a[i + FIRST]! < b[j + FIRST]!;
    return (
      store.integerPage(one)[store.integerAt(one) + SEGMENT]! <
      store.integerPage(other)[store.integerAt(other) + SEGMENT]!
    );
  }

  #makeRoom(): void {
    const live = this.#slots.subarray(this.#head, this.#tail);
    const target = live.length * 2 > this.#slots.length ? new Int32Array(this.#slots.length * 2) : this.#slots;
    target.set(live);
    this.#slots = target;
    this.#barrier = Math.max(0, this.#barrier - this.#head);
    this.#tail -= this.#head;
    this.#head = 0;
  }
}
