import type { Column } from '../flow/rows.ts';

/**
 * What a typed store keeps of a column; every store has the same, each in its own types:
 * - `integer`: 64 bits, signed;
 * - `double`: float64 (`scaled`: by 10 to the column's decimals, so durations are seconds);
 * - `boolean`; `label`: text of the value's name; `text`; `address`; `hash`: 16 hex digits; `time`.
 */
export type ValueKind = 'integer' | 'double' | 'scaled' | 'boolean' | 'label' | 'text' | 'address' | 'hash' | 'time';

/** The kind of value of a column. */
export function valueKind({ kind, integer, boolean, decimals, labels }: Column): ValueKind {
  if (kind !== 'number') return kind;
  if (boolean) return 'boolean';
  if (labels !== undefined) return 'label';
  if (decimals > 0) return 'scaled';
  return integer ? 'integer' : 'double';
}
