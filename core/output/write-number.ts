import { formatNumber } from './format-number.ts';
import { POWERS, writeAscii, writeSix, writeSmall, writeUnsigned } from './write-digits.ts';

/** Bytes that {@link writeNumber} writes at most. */
export const NUMBER_BYTES = 40;

/**
 * Writes what {@link formatNumber} gives. Whole numbers up to 2^53 and other numbers of a magnitude from 1e-6 to 1e11 go
 * straight to bytes; the rest, which are rare, through the string. `format` replaces it for numbers that are not whole
 * (`precision: full`).
 */
export function writeNumber(bytes: Uint8Array, at: number, value: number, format?: (value: number) => string): number {
  const small = value | 0;
  if (small === value && small >= 0) return writeSmall(bytes, at, small);
  if (value - value !== 0) return at;
  let place = at;
  let magnitude = value;
  if (value < 0) {
    bytes[place] = 45;
    place += 1;
    magnitude = -value;
  }
  if (Math.floor(magnitude) === magnitude) {
    if (magnitude <= Number.MAX_SAFE_INTEGER) return writeUnsigned(bytes, place, magnitude);
  } else if (format !== undefined) {
    return writeAscii(bytes, at, format(value));
  } else if (magnitude >= 1e-6 && magnitude < 1e11) {
    const end = writeTwelve(bytes, place, magnitude);
    if (end > 0) return end;
  }
  return writeAscii(bytes, at, formatNumber(value));
}

/**
 * Writes a number from 1e-6 to 1e11 that is not whole with 12 significant digits, or returns 0 where rounding is in doubt.
 *
 * With e = floor(log10(value)), `toPrecision` rounds the exact x = value * 10^(11 - e), 1e11 <= x < 1e12, to the nearest
 * whole number. The power is exact, so the product is off by at most half a unit in its last place, 2^-14. Farther than
 * that from a half, both round to the same number; nearer (one number in a thousand, and exact ties) the string decides.
 * A value so near a power of ten that e is found one off rounds to that power either way. A decimal of up to 15 digits is
 * the shortest text of its float64, so these digits without trailing zeros are what `String(Number(...))` gives.
 */
function writeTwelve(bytes: Uint8Array, at: number, value: number): number {
  let exponent = value >= 1 ? (value >= 1e6 ? 6 : 0) : -6;
  if (exponent >= 0) while (value >= POWERS[exponent + 1]!) exponent += 1;
  else while (exponent < -1 && value * POWERS[-exponent - 1]! >= 1) exponent += 1;
  const scaled = value * POWERS[11 - exponent]!;
  let digits = Math.floor(scaled);
  const fraction = scaled - digits;
  if (fraction > 0.4995 && fraction < 0.5005) return 0;
  if (fraction > 0.5) digits += 1;
  if (digits >= 1e12) {
    digits = 1e11;
    exponent += 1;
  }
  const high = (digits / 1e6) | 0;
  const low = (digits - high * 1e6) | 0;
  let place = at;
  if (exponent < 0) {
    bytes[place] = 48;
    bytes[place + 1] = 46;
    place += 2;
    for (let zeros = -1 - exponent; zeros > 0; zeros -= 1) {
      bytes[place] = 48;
      place += 1;
    }
    writeSix(bytes, place, high);
    writeSix(bytes, place + 6, low);
    place += 11;
  } else {
    writeSix(bytes, place + 1, high);
    writeSix(bytes, place + 7, low);
    for (const point = place + exponent + 1; place < point; place += 1) bytes[place] = bytes[place + 1]!;
    bytes[place] = 46;
    place = at + 12;
  }
  while (bytes[place] === 48) place -= 1;
  return bytes[place] === 46 ? place : place + 1;
}
