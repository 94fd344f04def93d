// Four bytes for each number below 1000: its three digits with leading zeros; without, and then how many there are.
const PADDED = new Uint8Array(4000);
const PLAIN = new Uint8Array(4000);
for (let number = 0; number < 1000; number += 1) {
  const text = String(number);
  writeAscii(PADDED, 4 * number, text.padStart(3, '0'));
  writeAscii(PLAIN, 4 * number, text);
  PLAIN[4 * number + 3] = text.length;
}

// 10^0 to 10^22 are the powers of ten that a float64 holds exactly.
export const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Writes text of ASCII characters. Returns the place behind it, as all of these do. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  for (let index = 0; index < length; index += 1) bytes[at + index] = text.charCodeAt(index);
  return at + length;
}

/** Writes three digits of a number below 1000. */
function writeThree(bytes: Uint8Array, at: number, value: number): number {
  const from = 4 * value;
  bytes[at] = PADDED[from]!;
  bytes[at + 1] = PADDED[from + 1]!;
  bytes[at + 2] = PADDED[from + 2]!;
  return at + 3;
}

/** Writes six digits of a number below 10^6. */
export function writeSix(bytes: Uint8Array, at: number, value: number): number {
  const high = (value / 1000) | 0;
  writeThree(bytes, at, high);
  return writeThree(bytes, at + 3, value - 1000 * high);
}

/** Writes nine digits of a number below 10^9. */
export function writeNine(bytes: Uint8Array, at: number, value: number): number {
  const high = (value / 1_000_000) | 0;
  writeThree(bytes, at, high);
  return writeSix(bytes, at + 3, value - 1_000_000 * high);
}

/** Writes the digits of a number below 1000 (and up to two bytes behind them). */
function writeFew(bytes: Uint8Array, at: number, value: number): number {
  const from = 4 * value;
  bytes[at] = PLAIN[from]!;
  bytes[at + 1] = PLAIN[from + 1]!;
  bytes[at + 2] = PLAIN[from + 2]!;
  return at + PLAIN[from + 3]!;
}

/** Writes a whole number from 0 to 2^31 - 1. */
export function writeSmall(bytes: Uint8Array, at: number, value: number): number {
  if (value < 1000) return writeFew(bytes, at, value);
  if (value < 1_000_000) {
    const high = (value / 1000) | 0;
    return writeThree(bytes, writeFew(bytes, at, high), value - 1000 * high);
  }
  const high = (value / 1_000_000) | 0;
  const place =
    high < 1000 ? writeFew(bytes, at, high) : writeThree(bytes, writeFew(bytes, at, (high / 1000) | 0), high % 1000);
  return writeSix(bytes, place, value - 1_000_000 * high);
}

/** Writes a whole number from 0 to 2^53. */
export function writeUnsigned(bytes: Uint8Array, at: number, value: number): number {
  if (value < 2_147_483_648) return writeSmall(bytes, at, value | 0);
  let high = Math.floor(value / 1e9);
  let low = value - high * 1e9;
  if (low < 0) {
    high -= 1;
    low += 1e9;
  }
  return writeNine(bytes, writeSmall(bytes, at, high | 0), low | 0);
}
