import type { FragmentColumns } from './fragment-columns.ts';
import type { KeyColumns } from './key.ts';
import type { HeldFrame } from './stage.ts';

/** A fragment that came before the first one of its packet. */
export interface HeldFragment extends HeldFrame {
  /** Nanoseconds from the run's base. */
  readonly time: number;
  /** Number of the frame in the run. */
  readonly number: number;
  /** Its place in the batch it came in. */
  readonly place: number;
  readonly batch: number;
}

/** Its first fragment is known, and with it the flow's key. */
export const KNOWN = 1;
/** Fragments wait for the first. */
export const WAITING = 2;
/** Known, and of no flow at this level: the packet carries no other. */
export const NO_FLOW = 3;

/** Packets of which fragments were seen, oldest first, found by what their fragments have in common. */
export class Datagrams {
  readonly limit: number;
  readonly state: Uint8Array;
  /** 1 where the packet carries another one. */
  readonly carrier: Uint8Array;
  /** Run clock when the first of its fragments was seen. */
  readonly since: Float64Array;
  readonly hash: Int32Array;
  readonly swapped: Uint8Array;
  readonly keys: Int32Array;
  /** ICMP type | code << 8 of the first fragment. */
  readonly message: Uint16Array;
  readonly held: (HeldFragment[] | undefined)[] = [];
  /** Slots in use lie from `oldest` on, some of them empty. */
  oldest = 0;
  span = 0;
  readonly #width: number;
  readonly #keyWords: number;
  readonly #identities: Int32Array;
  /** By hash of the identity: the newest slot; older ones behind it. */
  readonly #newest = new Map<number, number>();
  readonly #next: Int32Array;

  constructor(limit: number, width: number, keyWords: number) {
    this.limit = limit;
    this.state = new Uint8Array(limit);
    this.carrier = new Uint8Array(limit);
    this.since = new Float64Array(limit);
    this.hash = new Int32Array(limit);
    this.swapped = new Uint8Array(limit);
    this.message = new Uint16Array(limit);
    this.keys = new Int32Array(limit * keyWords);
    this.#identities = new Int32Array(limit * width);
    this.#next = new Int32Array(limit);
    this.#width = width;
    this.#keyWords = keyWords;
  }

  get full(): boolean {
    return this.span === this.limit;
  }

  /** The slot of the packet that an entry is a fragment of; -1 for none. */
  find({ words, width }: FragmentColumns, entry: number): number {
    const at = entry * width;
    let slot = this.#newest.get(identityHash(words, at, width)) ?? -1;
    for (; slot >= 0; slot = this.#next[slot]!) if (this.#same(slot, words, at)) return slot;
    return -1;
  }

  #same(slot: number, words: Int32Array, at: number): boolean {
    const from = slot * this.#width;
    for (let i = 0; i < this.#width; i += 1) if (this.#identities[from + i] !== words[at + i]) return false;
    return true;
  }

  /** A slot for the packet of an entry; there must be room. */
  add({ words, width }: FragmentColumns, entry: number, clock: number, state: number): number {
    const slot = (this.oldest + this.span) % this.limit;
    this.span += 1;
    const at = entry * width;
    for (let i = 0; i < width; i += 1) this.#identities[slot * width + i] = words[at + i]!;
    const hash = identityHash(words, at, width);
    this.#next[slot] = this.#newest.get(hash) ?? -1;
    this.#newest.set(hash, slot);
    this.since[slot] = clock;
    this.state[slot] = state;
    this.carrier[slot] = 0;
    return slot;
  }

  /** Remembers the key that stands at a place as that of a packet's flow. */
  setKey(slot: number, keys: KeyColumns, place: number, type: number, code: number): void {
    const from = place * this.#keyWords;
    for (let i = 0; i < this.#keyWords; i += 1) this.keys[slot * this.#keyWords + i] = keys.words[from + i]!;
    this.hash[slot] = keys.hash[place]!;
    this.swapped[slot] = keys.swapped[place]!;
    this.message[slot] = type | (code << 8);
  }

  /** Puts a packet's key to a place. */
  writeKey(slot: number, keys: KeyColumns, place: number): void {
    keys.copy(place, this.keys, slot * this.#keyWords, this.hash[slot]!, this.swapped[slot]!);
  }

  /** Forgets a packet; returns the fragments that wait. */
  remove(slot: number): readonly HeldFragment[] | undefined {
    const hash = identityHash(this.#identities, slot * this.#width, this.#width);
    const newest = this.#newest.get(hash)!;
    if (newest !== slot) {
      let before = newest;
      while (this.#next[before] !== slot) before = this.#next[before]!;
      this.#next[before] = this.#next[slot]!;
    } else if (this.#next[slot]! < 0) this.#newest.delete(hash);
    else this.#newest.set(hash, this.#next[slot]!);
    this.state[slot] = 0;
    const held = this.held[slot];
    this.held[slot] = undefined;
    for (; this.span > 0 && this.state[this.oldest] === 0; this.span -= 1) this.oldest = (this.oldest + 1) % this.limit;
    return held;
  }

  /** The slot at `i` places behind the oldest. */
  at(i: number): number {
    return (this.oldest + i) % this.limit;
  }
}

function identityHash(words: Int32Array, at: number, width: number): number {
  let hash = 0;
  for (let i = at; i < at + width; i += 1) {
    hash = Math.imul(hash ^ words[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
