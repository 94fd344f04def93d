/** Slots in a binary heap, the first of an order on top. */
export class FrameHeap {
  readonly #before: (a: number, b: number) => boolean;
  #slots = new Int32Array(1024);
  count = 0;

  constructor(before: (a: number, b: number) => boolean) {
    this.#before = before;
  }

  /** The first slot; meaningless in an empty heap. */
  get top(): number {
    return this.#slots[0]!;
  }

  push(slot: number): void {
    if (this.count === this.#slots.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.#slots);
      this.#slots = larger;
    }
    const slots = this.#slots;
    let at = this.count;
    this.count += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(slot, slots[parent]!)) break;
      slots[at] = slots[parent]!;
      at = parent;
    }
    slots[at] = slot;
  }

  /** Takes the first slot out. */
  pop(): number {
    const slots = this.#slots;
    const first = slots[0]!;
    this.count -= 1;
    const { count } = this;
    const moved = slots[count]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#before(slots[child + 1]!, slots[child]!)) child += 1;
      if (!this.#before(slots[child]!, moved)) break;
      slots[at] = slots[child]!;
      at = child;
    }
    slots[at] = moved;
    return first;
  }
}
