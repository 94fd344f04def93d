import type { Prefix } from './tree.ts';

// What generated code calls. Numbers are NaN when empty, texts are null; booleans are 1, 0 and NaN.

/** A quotient; of zero empty. */
export const divide = (a: number, b: number): number => (b === 0 ? Number.NaN : a / b);
/** A remainder with the sign of the dividend; of zero empty. */
export const modulo = (a: number, b: number): number => a % b;
/** Logarithm to base 2; of 0 and below empty. */
export const log2 = (a: number): number => (a > 0 ? Math.log2(a) : Number.NaN);

export const less = (a: number, b: number): number => (a < b ? 1 : a >= b ? 0 : Number.NaN);
export const lessEqual = (a: number, b: number): number => (a <= b ? 1 : a > b ? 0 : Number.NaN);
export const equal = (a: number, b: number): number => (a === b ? 1 : a < b || a > b ? 0 : Number.NaN);
export const notEqual = (a: number, b: number): number => (a === b ? 0 : a < b || a > b ? 1 : Number.NaN);
/** Whether both are there and differ. */
export const differs = (a: number, b: number): boolean => a < b || a > b;
export const sameText = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number.NaN : a === b ? 1 : 0;
export const otherText = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number.NaN : a === b ? 0 : 1;

export const and = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a === a && b === b ? 1 : Number.NaN);
export const or = (a: number, b: number): number => (a === 1 || b === 1 ? 1 : a === a && b === b ? 0 : Number.NaN);
export const present = (a: number): number => (a === a ? 1 : 0);
export const orElse = (a: number, b: number): number => (a === a ? a : b);

const TWO_32 = 0x1_0000_0000;
/** Bit operators take whole numbers from 0 to 2^53 - 1; anything else is empty. */
const whole = (a: number, b: number): boolean =>
  a >= 0 && b >= 0 && a <= Number.MAX_SAFE_INTEGER && b <= Number.MAX_SAFE_INTEGER && a % 1 === 0 && b % 1 === 0;
const high = (a: number): number => Math.floor(a / TWO_32);

export function bitAnd(a: number, b: number): number {
  const [low, mask] = [a | 0, b | 0];
  if (low === a && mask === b && low >= 0 && mask >= 0) return low & mask;
  if (!whole(a, b)) return Number.NaN;
  return a < TWO_32 || b < TWO_32 ? (a & b) >>> 0 : (high(a) & high(b)) * TWO_32 + ((a & b) >>> 0);
}

export function bitOr(a: number, b: number): number {
  return whole(a, b) ? (high(a) | high(b)) * TWO_32 + ((a | b) >>> 0) : Number.NaN;
}

export function bitXor(a: number, b: number): number {
  return whole(a, b) ? (high(a) ^ high(b)) * TWO_32 + ((a ^ b) >>> 0) : Number.NaN;
}

/** Shifted to the left; empty where the result does not fit 53 bits. */
export function shiftLeft(a: number, b: number): number {
  const result = a * 2 ** b;
  return whole(a, b) && result <= Number.MAX_SAFE_INTEGER ? result : Number.NaN;
}

export function shiftRight(a: number, b: number): number {
  return whole(a, b) ? Math.floor(a / 2 ** b) : Number.NaN;
}

/** Anything with `has`: a short array or a set. */
export interface NumberSet {
  has(value: number): boolean;
}

export const inNumbers = (set: NumberSet, value: number): number =>
  value === value ? (set.has(value) ? 1 : 0) : Number.NaN;

export function inTexts(texts: ReadonlySet<string>, prefixes: readonly Prefix[], value: string | null): number {
  if (value === null) return Number.NaN;
  if (texts.has(value)) return 1;
  for (const prefix of prefixes) if (hasPrefix(value, prefix)) return 1;
  return 0;
}

/** Whether an address lies in a prefix of its own length. */
function hasPrefix(address: string, { value, bits }: Prefix): boolean {
  if (address.length !== value.length) return false;
  const bytes = bits >> 3;
  for (let i = 0; i < bytes; i += 1) if (address.charCodeAt(i) !== value.charCodeAt(i)) return false;
  const rest = bits & 7;
  return rest === 0 || (address.charCodeAt(bytes) ^ value.charCodeAt(bytes)) >> (8 - rest) === 0;
}

export const contains = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number.NaN : a.includes(b) ? 1 : 0;
export const matches = (regex: { test(text: string): boolean }, a: string | null): number =>
  a === null ? Number.NaN : regex.test(a) ? 1 : 0;

/** A value to be printed: never NaN for anything but empty, never Infinity, never -0. */
export const printable = (value: number): number => (value - value === 0 ? value + 0 : Number.NaN);

const counts = new Int32Array(256);

/** Bits per byte over the distribution of the bytes from `from` to `to`; empty for none. */
export function byteEntropy(bytes: Uint8Array, from: number, to: number): number {
  const total = to - from;
  if (!(total > 0)) return Number.NaN;
  counts.fill(0);
  for (let i = from; i < to; i += 1) counts[bytes[i]!]! += 1;
  let sum = 0;
  for (let i = 0; i < 256; i += 1) if (counts[i]! > 0) sum += counts[i]! * Math.log2(counts[i]!);
  return Math.max(0, Math.log2(total) - sum / total);
}

/** Makes every value empty. */
export function clear(values: Float64Array): void {
  for (let i = 0; i < values.length; i += 1) values[i] = Number.NaN;
}
