import type { NumberForm } from '../flow/rows.ts';

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
