import type { Field } from '../declare/field.ts';
import { isSpan } from '../declare/field.ts';
import type { ValueType } from '../declare/value-type.ts';
import { canonicalUnit, nanosecondsIn } from './units.ts';

export const BOOLEAN: ValueType = { kind: 'boolean', unit: '', list: false };
export const DURATION: ValueType = { kind: 'duration', unit: '', list: false };
export const TIME: ValueType = { kind: 'time', unit: '', list: false };
export const TEXT: ValueType = { kind: 'text', unit: '', list: false };
export const BYTES: ValueType = { kind: 'bytes', unit: '', list: false };
export const ADDRESS: ValueType = { kind: 'address', unit: '', list: false };
/** A number without a unit. */
export const NUMBER: ValueType = { kind: 'number', unit: '', list: false };
/** A whole number without a unit. */
export const INTEGER: ValueType = { kind: 'number', unit: '', list: false, integer: true };

/** A number with a unit. */
export const numberType = (unit: string, integer = false): ValueType => ({
  kind: 'number',
  unit,
  list: false,
  integer,
});

/** The same type, as a list of several values per frame or not. */
export const asList = (type: ValueType, list: boolean): ValueType => (type.list === list ? type : { ...type, list });

/** A type in words, for messages. */
export function describeType({ kind, unit, list, length }: ValueType): string {
  const one = {
    number: 'number',
    boolean: 'condition',
    time: 'time',
    duration: 'duration',
    text: 'text',
    bytes: 'bytes',
    address: 'address',
  }[kind];
  const words = kind === 'number' && unit !== '' ? `${one} in ${unit}` : one;
  if (list || length !== undefined) return `a list (${words})`;
  return kind === 'bytes' || kind === 'text' ? words : `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/**
 * Type of a field's value, and nanoseconds per unit for a field that holds a length of time (a lease in seconds), which
 * is a duration in expressions.
 */
export function fieldType(field: Field): { readonly type: ValueType; readonly nanoseconds: number | undefined } {
  if (field.type === 'boolean') return { type: BOOLEAN, nanoseconds: undefined };
  if (field.type === 'text') return { type: TEXT, nanoseconds: undefined };
  if (field.type === 'bytes') return { type: BYTES, nanoseconds: undefined };
  if (isSpan(field)) return { type: ADDRESS, nanoseconds: undefined };
  const unit = canonicalUnit(field.unit);
  const nanoseconds = unit === '' ? undefined : nanosecondsIn(unit);
  if (nanoseconds !== undefined) return { type: DURATION, nanoseconds };
  return { type: numberType(unit, field.type !== 'float' && Number.isInteger(field.scale)), nanoseconds: undefined };
}
