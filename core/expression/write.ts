import type { ColumnData, RowBatch } from '../flow/rows.ts';
import { formatAddress } from './address.ts';
import type { FlowFacts } from './program.ts';
import { printable } from './runtime.ts';

// How results come into the columns of a row. Generated code and the interpreter call the same functions.

/** A time in nanoseconds from `base` (whole Unix seconds); NaN is empty. Fractions of a nanosecond are rounded. */
export function writeTime(data: ColumnData, row: number, time: number, base: number): void {
  const whole = Math.round(time);
  if (whole - whole !== 0) {
    data.numbers[row] = 0;
    data.extra[row] = -1;
    return;
  }
  let seconds = Math.floor(whole / 1e9);
  let nanoseconds = whole - seconds * 1e9;
  // The quotient is rounded: one nanosecond before a second may look like that second.
  if (nanoseconds < 0) {
    seconds -= 1;
    nanoseconds += 1e9;
  }
  data.numbers[row] = base + seconds;
  data.extra[row] = nanoseconds;
}

/** Source (true) or destination address of the key. */
export function writeAddress(data: ColumnData, row: number, facts: FlowFacts, source: boolean): void {
  const words = source ? facts.sourceWords : facts.destinationWords;
  for (let i = 0; i < 4; i += 1) data.words[4 * row + i] = words[i]!;
  data.extra[row] = facts.addressLength;
}

export function writeHash(data: ColumnData, row: number, facts: FlowFacts): void {
  data.words[2 * row] = facts.idHigh;
  data.words[2 * row + 1] = facts.idLow;
}

/** A text as it is, bytes as hexadecimal digits, an address in its usual form. */
export function textFor(kind: string, value: string | null): string | null {
  if (value === null || kind === 'text') return value;
  return kind === 'address' ? formatAddress(value) : Buffer.from(value, 'latin1').toString('hex');
}

/** What a list result may hold. */
export type Items = number | string | null | readonly (number | string | null)[];

const itemOf = (items: Items, place: number): number | string | null | undefined =>
  Array.isArray(items) ? items[place] : undefined;

/** The numbers of a list, in `count` columns from `first`, each divided by `divisor`. */
export function writeNumbers(
  rows: RowBatch,
  first: number,
  count: number,
  row: number,
  items: Items,
  divisor: number,
): void {
  for (let i = 0; i < count; i += 1) {
    const item = itemOf(items, i);
    rows.data[first + i]!.numbers[row] = typeof item === 'number' ? printable(item / divisor) : Number.NaN;
  }
}

/** The times of a list, in `count` columns from `first`. */
export function writeTimes(
  rows: RowBatch,
  first: number,
  count: number,
  row: number,
  items: Items,
  base: number,
): void {
  for (let i = 0; i < count; i += 1) {
    const item = itemOf(items, i);
    writeTime(rows.data[first + i]!, row, typeof item === 'number' ? item : Number.NaN, base);
  }
}

/** The texts of a list, in `count` columns from `first`. */
export function writeTexts(
  rows: RowBatch,
  first: number,
  count: number,
  row: number,
  items: Items,
  kind: string,
): void {
  for (let i = 0; i < count; i += 1) {
    const item = itemOf(items, i);
    rows.data[first + i]!.texts[row] = typeof item === 'string' ? textFor(kind, item) : null;
  }
}

/** Address of the key as text, one UTF-16 unit a byte; null without one. */
export function addressText(words: Uint32Array, length: number): string | null {
  if (length === 0) return null;
  let text = '';
  for (let i = 0; i < length; i += 1) text += String.fromCharCode((words[i >> 2]! >>> (24 - 8 * (i & 3))) & 0xff);
  return text;
}

/** `flow_id` as text. */
export const idText = (facts: FlowFacts): string =>
  [facts.idHigh, facts.idLow].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
