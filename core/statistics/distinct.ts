/** Values that are kept exactly. */
export const EXACT_DISTINCT = 1000;
/** Bits of the hash that choose a register. */
const BITS = 12;
const REGISTERS = 1 << BITS;
/** Other bits of the hash. */
const REST = 64 - BITS;

const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);

/** The last step of MurmurHash3. */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Two 32-bit hashes of a value. */
const hash = new Uint32Array(2);

function hashOf(value: number | string): void {
  let a = 0x243f6a88;
  let b = 0x13198a2e;
  if (typeof value === 'number') {
    number[0] = value + 0; // -0 is 0
    a = mix(a ^ halves[0]!);
    a = mix((a + halves[1]!) | 0);
    b = mix(b ^ halves[1]!);
    b = mix((b + halves[0]!) | 0);
  } else {
    for (let i = 0; i < value.length; i += 1) {
      const unit = value.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x5bd1e995) + 0x165667b1;
    }
    a = mix(a ^ value.length);
    b = mix(b + value.length);
  }
  hash[0] = a;
  hash[1] = mix(b ^ a);
}

/**
 * Counts distinct values: exactly up to {@link EXACT_DISTINCT}, then HyperLogLog (Flajolet 2007) with 4,096 registers of
 * a byte and Ertl's estimator (2017): standard error 1.04 / sqrt(4096) = 1.6 %.
 */
export class Distinct {
  #exact: Set<number | string> | undefined = new Set();
  #registers: Uint8Array | undefined;

  add(value: number | string): void {
    if (this.#exact === undefined) {
      this.#register(value);
      return;
    }
    this.#exact.add(value);
    if (this.#exact.size > EXACT_DISTINCT) this.#sketch();
  }

  merge(other: Distinct): void {
    if (other.#exact !== undefined) {
      for (const value of other.#exact) this.add(value);
      return;
    }
    if (this.#exact !== undefined) this.#sketch();
    const own = this.#registers!;
    other.#registers!.forEach((rank, index) => {
      if (rank > own[index]!) own[index] = rank;
    });
  }

  count(): number {
    return this.#exact === undefined ? Math.round(estimate(this.#registers!)) : this.#exact.size;
  }

  #sketch(): void {
    const values = this.#exact!;
    this.#exact = undefined;
    this.#registers = new Uint8Array(REGISTERS);
    for (const value of values) this.#register(value);
  }

  #register(value: number | string): void {
    hashOf(value);
    const index = hash[0]! >>> (32 - BITS);
    const low = (hash[0]! << BITS) >>> 0;
    // Place of the first 1 in the other bits, from 1.
    const rank = low !== 0 ? Math.clz32(low) + 1 : 32 - BITS + Math.min(32, Math.clz32(hash[1]!)) + 1;
    if (rank > this.#registers![index]!) this.#registers![index] = rank;
  }
}

function estimate(registers: Uint8Array): number {
  const counts = new Float64Array(REST + 2);
  for (const rank of registers) counts[rank]! += 1;
  let z = REGISTERS * tau(1 - counts[REST + 1]! / REGISTERS);
  for (let rank = REST; rank >= 1; rank -= 1) z = 0.5 * (z + counts[rank]!);
  z += REGISTERS * sigma(counts[0]! / REGISTERS);
  return (REGISTERS * REGISTERS) / (2 * Math.LN2 * z);
}

function sigma(part: number): number {
  if (part === 1) return Number.POSITIVE_INFINITY;
  let x = part;
  let sum = x;
  for (let y = 1, before = -1; sum !== before; y += y) {
    x *= x;
    before = sum;
    sum += x * y;
  }
  return sum;
}

function tau(part: number): number {
  if (part === 0 || part === 1) return 0;
  let x = part;
  let sum = 1 - x;
  for (let y = 0.5, before = -1; sum !== before; y *= 0.5) {
    x = Math.sqrt(x);
    before = sum;
    sum -= (1 - x) ** 2 * y;
  }
  return sum / 3;
}
