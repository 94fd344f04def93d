/** Segments that are found by looking at one after the other, a power of two; more have a hash table. */
const FEW = 16;
const TWO_32 = 0x1_0000_0000;

/**
 * The segments seen in a connection, by five numbers. Two of these make one number each: 48 and up to 52 bits, which a
 * float64 holds exactly.
 */
export class Segments {
  /** Pairs of numbers, one behind the other; a fraction makes it a list of float64 from the start. */
  #list = [0.5, 0.5];
  /** Pairs of numbers in the places that their hash tells, or in the next ones that are free; NaN is free. */
  #table: Float64Array | undefined;
  #count = 0;

  /** Takes a segment in. Returns true when it is there already. */
  add(side: number, sequence: number, acknowledgment: number, length: number, window: number): boolean {
    const one = (2 * length + side) * TWO_32 + sequence;
    const other = window * TWO_32 + acknowledgment;
    if (this.#table !== undefined) return this.#addTo(this.#table, one, other);
    const list = this.#list;
    const end = 2 * this.#count;
    for (let at = 0; at < end; at += 2) if (list[at] === one && list[at + 1] === other) return true;
    if (end === list.length) list.push(one, other);
    else {
      list[end] = one;
      list[end + 1] = other;
    }
    this.#count += 1;
    if (this.#count === FEW) this.#spread(list, 8 * FEW);
    return false;
  }

  #addTo(table: Float64Array, one: number, other: number): boolean {
    const at = placeIn(table, one, other);
    if (table[at] === one) return true;
    table[at] = one;
    table[at + 1] = other;
    this.#count += 1;
    if (4 * this.#count > table.length) this.#spread(table, 2 * table.length);
    return false;
  }

  /** Puts the pairs into a table of `size` numbers, a power of two. */
  #spread(pairs: ArrayLike<number>, size: number): void {
    const table = new Float64Array(size).fill(Number.NaN);
    for (let from = 0; from < pairs.length; from += 2) {
      if (Number.isNaN(pairs[from])) continue;
      const at = placeIn(table, pairs[from]!, pairs[from + 1]!);
      table[at] = pairs[from]!;
      table[at + 1] = pairs[from + 1]!;
    }
    this.#table = table;
    this.#list = [];
  }
}

/** Where a pair stands in a table, or the free place for it. */
function placeIn(table: Float64Array, one: number, other: number): number {
  const mask = table.length - 2;
  let mixed = Math.imul((one | 0) ^ Math.imul(other | 0, 0x9e3779b1) ^ ((one / TWO_32) | 0), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  let at = (2 * mixed) & mask;
  while (table[at] === table[at] && (table[at] !== one || table[at + 1] !== other)) at = (at + 2) & mask;
  return at;
}
