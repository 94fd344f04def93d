import type { NumberForm } from '../flow/rows.ts';
import { writeAscii, writeSix, writeSmall, writeUnsigned } from './write-digits.ts';

/** Splits the shortest text of a number into its digits and the power of ten of the first. */
function digitsOf(value: number): readonly [digits: string, exponent: number] {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return [mantissa.replace('.', ''), Number(exponent)];
}

/** A magnitude without exponent, always with a fraction. */
function plain(value: number): string {
  const [digits, exponent] = digitsOf(value);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${whole}.${fraction === '' ? '0' : fraction}`;
}

/**
 * A number as Python's `str` prints a float (plain from 1e-4 to below 1e16, else `1e-05`), or Java's `Double.toString` a
 * double (plain from 1e-3 to below 1e7, else `1.2E7`): the shortest digits that read back the same, with at least one
 * behind the point. NaN and the infinities are empty.
 */
export function formatDouble(value: number, form: NumberForm): string {
  if (!Number.isFinite(value)) return '';
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [low, high] = form === 'python' ? [1e-4, 1e16] : [1e-3, 1e7];
  if (magnitude === 0 || (magnitude >= low && magnitude < high)) return sign + plain(magnitude);
  const [digits, exponent] = digitsOf(magnitude);
  if (form === 'java') return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${power}`;
}

/**
 * Writes what {@link formatDouble} gives. Returns the place behind it. Between its limits a form has the digits of
 * `String`, and only the ending of whole numbers is its own.
 */
export function writeDouble(bytes: Uint8Array, at: number, value: number, form: NumberForm): number {
  const magnitude = value < 0 ? -value : value;
  const python = form === 'python';
  if (Math.floor(magnitude) === magnitude) {
    const negative = value < 0 || (value === 0 && 1 / value < 0);
    if (magnitude < (python ? Number.MAX_SAFE_INTEGER : 1e7)) return writeWhole(bytes, at, magnitude, negative);
    if (!python && !negative && magnitude < Number.MAX_SAFE_INTEGER)
      return writePower(bytes, at, writeUnsigned(bytes, at, magnitude));
  } else if (magnitude >= (python ? 1e-4 : 1e-3) && magnitude < (python ? 1e16 : 1e7)) {
    return writeShortest(bytes, at, value);
  } else if (!python && value >= 1e7 && value < 1e15) {
    return writePower(bytes, at, writeShortest(bytes, at, value));
  }
  return writeAscii(bytes, at, formatDouble(value, form));
}

/** Makes a number with its digits from `at` to `end`, at least two before the point, one with an exponent: `1.2E7`. */
function writePower(bytes: Uint8Array, at: number, end: number): number {
  let point = at;
  while (point < end && bytes[point] !== 46) point += 1;
  bytes.copyWithin(at + 2, at + 1, point);
  bytes[at + 1] = 46;
  // The point has gone from behind the whole digits to the front: those of a fraction stand where they stood.
  let place = Math.max(end, point + 1) - 1;
  while (place > at + 2 && bytes[place] === 48) place -= 1;
  bytes[place + 1] = 69;
  return writeSmall(bytes, place + 2, point - at - 1);
}

function writeWhole(bytes: Uint8Array, at: number, magnitude: number, negative: boolean): number {
  let place = at;
  if (negative) {
    bytes[place] = 45;
    place += 1;
  }
  place = writeUnsigned(bytes, place, magnitude);
  bytes[place] = 46;
  bytes[place + 1] = 48;
  return place + 2;
}

/**
 * Writes what `String` gives for a number. Two decimals of up to 15 digits are never the same float64: one of them that
 * reads back the same is the shortest text. That is tried for whole numbers and up to six decimals; `String` does the rest.
 */
export function writeShortest(bytes: Uint8Array, at: number, value: number): number {
  const small = value | 0;
  if (small === value && small >= 0) return writeSmall(bytes, at, small);
  const magnitude = value < 0 ? -value : value;
  const millionths = Math.round(magnitude * 1e6);
  if (!(magnitude >= 1e-6 && millionths < 1e15) || millionths / 1e6 !== magnitude)
    return writeAscii(bytes, at, String(value));
  let place = at;
  if (value < 0) {
    bytes[place] = 45;
    place += 1;
  }
  const whole = Math.floor(millionths / 1e6);
  place = writeUnsigned(bytes, place, whole);
  bytes[place] = 46;
  place = writeSix(bytes, place + 1, millionths - whole * 1e6) - 1;
  while (bytes[place] === 48) place -= 1;
  return bytes[place] === 46 ? place : place + 1;
}
