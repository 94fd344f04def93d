import { numberText } from './join.ts';
import type { Node } from './tree.ts';
import { textFor } from './write.ts';

/** Kinds of the arguments of `text(...)`, for `joinedText`. */
export const kindsOf = (node: Node): readonly string[] => node.args.map(({ type }) => type.kind);

/** The values as one text, one behind the other: numbers as rows print them, conditions 1 and 0. Null when one is empty. */
export function joinedText(kinds: readonly string[], ...values: readonly (number | string | null)[]): string | null {
  let text = '';
  for (const [i, value] of values.entries()) {
    if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return null;
    text += typeof value === 'number' ? numberText(value) : textFor(kinds[i]!, value);
  }
  return text;
}

/** The first characters of a value as text; null for an empty one. */
export function cutText(kinds: readonly string[], value: number | string | null, length: number): string | null {
  return joinedText(kinds, value)?.slice(0, length) ?? null;
}

/**
 * A time as UTC date and time, `2009-03-19 05:21:35.585864`: no fraction where it is zero, else as many digits as it
 * needs of three, six and nine. Null for an empty time.
 * @param time nanoseconds from `base`
 * @param base whole Unix seconds
 */
export function utcText(time: number, base: number): string | null {
  const whole = Math.round(time);
  if (!Number.isFinite(whole)) return null;
  let seconds = Math.floor(whole / 1e9);
  let nanoseconds = whole - seconds * 1e9;
  // The quotient is rounded: one nanosecond before a second may look like that second.
  if (nanoseconds < 0) {
    seconds -= 1;
    nanoseconds += 1e9;
  }
  const date = new Date((base + seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString().slice(0, -5).replace('T', ' ');
  const fraction = String(nanoseconds)
    .padStart(9, '0')
    .replace(/(000)+$/, '');
  return fraction === '' ? text : `${text}.${fraction}`;
}
