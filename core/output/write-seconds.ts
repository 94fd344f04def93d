import { formatDecimals } from './format-number.ts';
import { POWERS, writeAscii, writeNine, writeUnsigned } from './write-digits.ts';

/** Bytes that {@link writeTime} writes at most. */
export const TIME_BYTES = 40;

/** Bytes that {@link writeDecimals} writes at most: 309 digits before the point. */
export const DECIMALS_BYTES = 340;

/**
 * Writes a time: whole seconds, a point, nine digits. Nanoseconds (0 to 999,999,999) always count forward, so one
 * nanosecond before 1970 is (-1, 999999999), written -0.000000001.
 */
export function writeTime(bytes: Uint8Array, at: number, seconds: number, nanoseconds: number): number {
  let place = at;
  let whole = seconds;
  let rest = nanoseconds;
  if (seconds < 0) {
    bytes[place] = 45;
    place += 1;
    whole = -seconds;
    if (rest > 0) {
      whole -= 1;
      rest = 1_000_000_000 - rest;
    }
  }
  place =
    whole <= Number.MAX_SAFE_INTEGER ? writeUnsigned(bytes, place, whole) : writeAscii(bytes, place, String(whole));
  bytes[place] = 46;
  return writeNine(bytes, place + 1, rest);
}

/** Writes what {@link formatDecimals} gives, for up to 9 decimals straight to bytes. */
export function writeDecimals(bytes: Uint8Array, at: number, value: number, decimals: number): number {
  if (value - value !== 0) return at;
  const magnitude = value < 0 ? -value : value;
  if (decimals < 1 || decimals > 9 || magnitude > Number.MAX_SAFE_INTEGER || Math.floor(magnitude) !== magnitude) {
    return writeAscii(bytes, at, formatDecimals(value, decimals));
  }
  const unit = POWERS[decimals]!;
  let whole = Math.floor(magnitude / unit);
  let rest = magnitude - whole * unit;
  if (rest < 0) {
    whole -= 1;
    rest += unit;
  }
  let place = at;
  if (value < 0) {
    bytes[place] = 45;
    place += 1;
  }
  place = writeUnsigned(bytes, place, whole);
  bytes[place] = 46;
  if (decimals === 9) return writeNine(bytes, place + 1, rest | 0);
  for (let digit = decimals; digit > 0; digit -= 1) {
    bytes[place + digit] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return place + decimals + 1;
}
