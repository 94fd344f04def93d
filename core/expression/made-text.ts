import { numberText } from './join.ts';
import type { Node } from './tree.ts';
import { textFor } from './write.ts';

/** Kinds of the arguments of `text(...)`, for `joinedText`. */
export const kindsOf = (node: Node): readonly string[] => node.args.map(({ type }) => type.kind);

type Value = number | string | null;

/** A value as text: a number as rows print it. Null for an empty one. */
function valueText(kind: string, value: Value): string | null {
  if (typeof value !== 'number') return textFor(kind, value);
  return value - value === 0 ? numberText(value) : null;
}

/** The values as one text, one behind the other: numbers as rows print them, conditions 1 and 0. Null when one is empty. */
export function joinedText(kinds: readonly string[], ...values: readonly Value[]): string | null {
  let text = '';
  for (let i = 0; i < kinds.length; i += 1) {
    const part = valueText(kinds[i]!, values[i]!);
    if (part === null) return null;
    text += part;
  }
  return text;
}

/** The first characters of a value as text; null for an empty one. */
export function cutText(kinds: readonly string[], value: Value, length: number): string | null {
  return valueText(kinds[0]!, value)?.slice(0, length) ?? null;
}

let lastSecond = Number.NaN;
let lastSecondText = '';

/** Date and time of a whole Unix second, kept for the next row; empty out of range. */
function secondText(second: number): string {
  if (second === lastSecond) return lastSecondText;
  const date = new Date(second * 1000);
  lastSecond = second;
  lastSecondText = Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, -5).replace('T', ' ');
  return lastSecondText;
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
  const text = secondText(base + seconds);
  if (text === '') return null;
  if (nanoseconds === 0) return text;
  // Ten digits, of which the first is a one that keeps the zeros behind it.
  const digits = String(1e9 + nanoseconds);
  const end = nanoseconds % 1e6 === 0 ? 4 : nanoseconds % 1e3 === 0 ? 7 : 10;
  return `${text}.${digits.slice(1, end)}`;
}
