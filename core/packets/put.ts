import { writeIpv6 } from '../output/write-address.ts';
import { writeUnsigned } from '../output/write-digits.ts';
import { writeNumber } from '../output/write-number.ts';
import { writeTime } from '../output/write-seconds.ts';

// Each of these writes the text of one value at `at`, where there must be room for it, and returns the place behind it.

const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Two digits for each byte. */
const PAIRS = new Uint8Array(512);
/** The same as words. */
export const PAIR_WORDS = new Uint16Array(256);
/** Decimal digits of a byte and how many they are, four places each. */
const BYTES = new Uint8Array(1024);
for (let byte = 0; byte < 256; byte += 1) {
  PAIRS[2 * byte] = HEX[byte >> 4]!;
  PAIRS[2 * byte + 1] = HEX[byte & 15]!;
  PAIR_WORDS[byte] = (HEX[byte >> 4]! << 8) | HEX[byte & 15]!;
  const text = String(byte);
  for (let i = 0; i < text.length; i += 1) BYTES[4 * byte + i] = text.charCodeAt(i);
  BYTES[4 * byte + 3] = text.length;
}
/** The lowest number that so many hexadecimal digits do not hold; none beyond what a float64 holds exactly. */
const LIMITS = Float64Array.from({ length: 17 }, (_, digits) =>
  digits < 14 ? 16 ** digits : Number.POSITIVE_INFINITY,
);

/** Bytes that any of these writes at most, but for `putBytes`. */
export const VALUE_BYTES = 48;

/** Bytes as they are. */
export function putBytes(to: Uint8Array, at: number, constant: Uint8Array): number {
  const { length } = constant;
  for (let i = 0; i < length; i += 1) to[at + i] = constant[i]!;
  return at + length;
}

/** A whole number, decimal. */
export function putNumber(to: Uint8Array, at: number, value: number): number {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? writeUnsigned(to, at, value) : writeNumber(to, at, value);
}

/** A number from 0 to 255, decimal (and up to two bytes behind it). */
export function putByte(to: Uint8Array, at: number, value: number): number {
  const from = 4 * value;
  to[at] = BYTES[from]!;
  to[at + 1] = BYTES[from + 1]!;
  to[at + 2] = BYTES[from + 2]!;
  return at + BYTES[from + 3]!;
}

/** A whole number below 256^`size` (1 to 4) as `0x` and two hexadecimal digits for each byte. */
export function putHexWord(to: Uint8Array, at: number, value: number, size: number): number {
  to[at] = 48;
  to[at + 1] = 120;
  let place = at + 2;
  for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    const pair = 2 * ((value >>> shift) & 0xff);
    to[place] = PAIRS[pair]!;
    to[place + 1] = PAIRS[pair + 1]!;
    place += 2;
  }
  return place;
}

/** A whole number as `0x` and at least `digits` hexadecimal digits. */
export function putHexNumber(to: Uint8Array, at: number, value: number, digits: number): number {
  let needed = digits;
  while (value >= LIMITS[needed]!) needed += 1;
  to[at] = 48;
  to[at + 1] = 120;
  let rest = value;
  for (let place = at + 1 + needed; place > at + 1; place -= 1) {
    to[place] = HEX[rest % 16]!;
    rest = rest > 0xffff_ffff ? Math.floor(rest / 16) : rest >>> 4;
  }
  return at + 2 + needed;
}

/** Seconds and nanoseconds. */
export function putTime(to: Uint8Array, at: number, seconds: number, nanoseconds: number): number {
  return writeTime(to, at, seconds, nanoseconds);
}

/** The digits of 64 bits. */
export function putHash(to: Uint8Array, at: number, high: number, low: number): number {
  for (let i = 0; i < 8; i += 1) {
    to[at + i] = HEX[(high >>> (28 - 4 * i)) & 15]!;
    to[at + 8 + i] = HEX[(low >>> (28 - 4 * i)) & 15]!;
  }
  return at + 16;
}

/** An IEEE 802 address. */
export function putMac(to: Uint8Array, at: number, source: Uint8Array, place: number): number {
  for (let i = 0; i < 6; i += 1) {
    const pair = 2 * source[place + i]!;
    to[at + 3 * i] = PAIRS[pair]!;
    to[at + 3 * i + 1] = PAIRS[pair + 1]!;
    to[at + 3 * i + 2] = 58;
  }
  return at + 17;
}

/** An IPv4 address. */
export function putIpv4(to: Uint8Array, at: number, source: Uint8Array, place: number): number {
  let end = at;
  for (let i = 0; i < 4; i += 1) {
    const from = 4 * source[place + i]!;
    to[end] = BYTES[from]!;
    to[end + 1] = BYTES[from + 1]!;
    to[end + 2] = BYTES[from + 2]!;
    end += BYTES[from + 3]!;
    to[end] = 46;
    end += 1;
  }
  return end - 1;
}

const words = new Uint32Array(4);

/** An IPv6 address. */
export function putIpv6(to: Uint8Array, at: number, source: Uint8Array, place: number): number {
  for (let i = 0; i < 4; i += 1) {
    const from = place + 4 * i;
    words[i] = (source[from]! << 24) | (source[from + 1]! << 16) | (source[from + 2]! << 8) | source[from + 3]!;
  }
  return writeIpv6(to, at, words, 0);
}
