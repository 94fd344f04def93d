import { ADDRESS_A, ADDRESS_B, BASE_WORDS, KIND_WORD, PORT_WORD } from './key-words.ts';
import { type FlowStore, HASH, KEY } from './store.ts';

/** Finds flows by key: open addressing with linear probing over the hashes, in typed arrays. */
export class FlowIndex {
  readonly #store: FlowStore;
  readonly #words: number;
  #slots = new Int32Array(1 << 14).fill(-1);
  #hashes = new Int32Array(1 << 14);
  #mask = (1 << 14) - 1;
  /** Flows in it. */
  count = 0;

  constructor(store: FlowStore, keyWords: number) {
    this.#store = store;
    this.#words = keyWords;
  }

  /** The slot of the flow with this key, or -1. */
  find(hash: number, keys: Int32Array, at: number): number {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = this.#mask;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = slots[place]!;
      if (slot < 0) return -1;
      if (hashes[place] === hash && this.#equal(slot, keys, at)) return slot;
    }
  }

  /** The slot that most likely has this key, or -1: by the hash alone, without a look at the record. */
  likely(hash: number): number {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = this.#mask;
    let place = hash & mask;
    while (slots[place]! >= 0 && hashes[place] !== hash) place = (place + 1) & mask;
    return slots[place]!;
  }

  #equal(slot: number, keys: Int32Array, at: number): boolean {
    const page = this.#store.integerPage(slot);
    const key = this.#store.integerAt(slot) + KEY;
    if (
      page[key + PORT_WORD] !== keys[at + PORT_WORD] ||
      page[key + ADDRESS_A] !== keys[at + ADDRESS_A] ||
      page[key + ADDRESS_B] !== keys[at + ADDRESS_B] ||
      page[key + KIND_WORD] !== keys[at + KIND_WORD]
    ) {
      return false;
    }
    // The kind says that it is IPv4: the other address words are zero in both.
    let word = keys[at + KIND_WORD]! >> 12 === 4 ? BASE_WORDS : 0;
    for (const words = this.#words; word < words; word += 1) if (page[key + word] !== keys[at + word]) return false;
    return true;
  }

  insert(hash: number, slot: number): void {
    if (this.count * 2 >= this.#slots.length) this.#grow();
    const slots = this.#slots;
    const mask = this.#mask;
    let place = hash & mask;
    while (slots[place]! >= 0) place = (place + 1) & mask;
    slots[place] = slot;
    this.#hashes[place] = hash;
    this.count += 1;
  }

  /** Puts another slot in the place of one. */
  replace(slot: number, by: number): void {
    this.#slots[this.#placeOf(slot)] = by;
  }

  remove(slot: number): void {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = this.#mask;
    let hole = this.#placeOf(slot);
    // Moves back what would not be found across the hole.
    for (let place = (hole + 1) & mask; slots[place]! >= 0; place = (place + 1) & mask) {
      const home = hashes[place]! & mask;
      if (((place - home) & mask) >= ((place - hole) & mask)) {
        slots[hole] = slots[place]!;
        hashes[hole] = hashes[place]!;
        hole = place;
      }
    }
    slots[hole] = -1;
    this.count -= 1;
  }

  #placeOf(slot: number): number {
    const hash = this.#store.integerPage(slot)[this.#store.integerAt(slot) + HASH]!;
    let place = hash & this.#mask;
    while (this.#slots[place] !== slot) place = (place + 1) & this.#mask;
    return place;
  }

  #grow(): void {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const size = slots.length * 2;
    const mask = size - 1;
    const newSlots = new Int32Array(size).fill(-1);
    const newHashes = new Int32Array(size);
    for (let i = 0; i < slots.length; i += 1) {
      if (slots[i]! < 0) continue;
      let place = hashes[i]! & mask;
      while (newSlots[place]! >= 0) place = (place + 1) & mask;
      newSlots[place] = slots[i]!;
      newHashes[place] = hashes[i]!;
    }
    this.#slots = newSlots;
    this.#hashes = newHashes;
    this.#mask = mask;
  }
}
