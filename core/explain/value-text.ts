import type { ValueType } from '../declare/value-type.ts';
import type { Value } from '../expression/evaluate.ts';
import { textFor, writeTime } from '../expression/write.ts';
import type { ColumnData } from '../flow/rows.ts';
import { formatNumberFull } from '../output/format-number.ts';
import { timeText } from '../run/time-span.ts';

const NOTHING = '-';
const LONGEST = 40;

const moment: ColumnData = {
  numbers: new Float64Array(1),
  extra: new Int32Array(1),
  words: new Uint32Array(0),
  texts: [],
};

/** A time of a flow as Unix seconds with nine decimals. */
export function absoluteTime(time: number, base: number): string {
  writeTime(moment, 0, time, base);
  return moment.extra[0]! < 0 ? NOTHING : timeText(moment.numbers[0]!, moment.extra[0]!);
}

/** A number with all its digits; `-` for none. */
export const numberText = (value: number): string => (Number.isFinite(value) ? formatNumberFull(value) : NOTHING);

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text);

/** A value for people, without its unit: times absolute, durations in nanoseconds. */
export function valueText(value: Value, type: ValueType, base: number): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return NOTHING;
  if (typeof value === 'string') {
    const text = textFor(type.kind, value) ?? '';
    return type.kind === 'text' ? shortened(JSON.stringify(text)) : shortened(text);
  }
  if (type.kind === 'boolean') return value === 0 ? 'false' : 'true';
  return type.kind === 'time' ? absoluteTime(value, base) : numberText(value);
}

/** What the numbers of a type are counted in: `ns` for durations, empty for none. */
export const unitText = ({ kind, unit }: ValueType): string => (kind === 'duration' ? 'ns' : unit);

/** A value with its unit, as formulas have it: durations in seconds. */
export function quantityText(value: Value, type: ValueType, base: number): string {
  const inSeconds = type.kind === 'duration' && typeof value === 'number';
  const text = valueText(inSeconds ? value / 1e9 : value, type, base);
  if (text === NOTHING) return 'empty';
  const unit = inSeconds ? 's' : type.unit;
  return unit === '' ? text : `${text} ${unit}`;
}
