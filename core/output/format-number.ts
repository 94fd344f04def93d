/**
 * Text of a number in rows, the one rule for all outputs. Whole numbers stand in full (from 1e21 on as JavaScript writes
 * them, with an exponent and every digit needed to read the same number back); others have 12 significant digits without
 * trailing zeros, as `Number(value.toPrecision(12))` prints. NaN and the infinities are empty: no output ever holds them.
 */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : '';
}

/** Text of a number under `precision: full`: the shortest that reads back the same. NaN and the infinities are empty. */
export function formatNumberFull(value: number): string {
  return Number.isFinite(value) ? String(value) : '';
}

/**
 * Text of a count of 10^-`decimals` units with that many decimals: nanoseconds as seconds for 9. Exact for whole counts;
 * others are rounded to the nearest unit, halves away from zero. NaN and the infinities are empty.
 */
export function formatDecimals(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '';
  const magnitude = Math.abs(value);
  const floor = Math.floor(magnitude);
  const units = BigInt(magnitude - floor >= 0.5 ? floor + 1 : floor);
  const digits = units.toString().padStart(decimals + 1, '0');
  const sign = value < 0 && units > 0n ? '-' : '';
  const point = digits.length - decimals;
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
