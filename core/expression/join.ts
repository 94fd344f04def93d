import type { ColumnData } from '../flow/rows.ts';
import { printable } from './runtime.ts';
import { type Items, textFor, writeTime } from './write.ts';

/** Between the items of a list in one text. */
const SEPARATOR = ';';

const time: ColumnData = {
  numbers: new Float64Array(1),
  extra: new Int32Array(1),
  words: new Uint32Array(0),
  texts: [],
};

/** A number as rows print it: whole ones in full, others to 12 significant digits. */
export function numberText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(12)));
}

/** A list as one text, its items between semicolons, nothing for an empty one. Null for a list of nothing but empty items. */
export function joined(items: Items, kind: string, divisor: number, base: number): string | null {
  if (!Array.isArray(items) || items.every((item) => item === null)) return null;
  return (items as readonly (number | string | null)[])
    .map((item) => {
      if (typeof item === 'string') return textFor(kind, item) ?? '';
      if (item === null || printable(item) !== item + 0) return '';
      if (kind !== 'time') return numberText(item / divisor);
      writeTime(time, 0, item, base);
      return `${time.numbers[0]}.${String(time.extra[0]).padStart(9, '0')}`;
    })
    .join(SEPARATOR);
}
