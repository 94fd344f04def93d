import type { Field, When } from '../declare/field.ts';
import type { Table } from '../declare/table.ts';
import type { Frame } from './frame.ts';

/** IEEE 802.3, 3.2.6: up to here a length/type field is a length. */
const HIGHEST_LENGTH = 1500;
/** From here up it is a type; what lies between is neither. */
const LOWEST_TYPE = 1536;

const valueAt = (bytes: Uint8Array, place: number) => (bytes[place]! << 8) | bytes[place + 1]!;

/** The length/type field, `offset` bytes after the start of the header, is a type; with `zero` 0 is one too. */
export const holdsType = (offset: number, zero = false): When => {
  return (bytes, at) => {
    const value = valueAt(bytes, at + offset);
    return value >= LOWEST_TYPE || (zero && value === 0);
  };
};

/** The length/type field is a length; with `zero` 0 is none. */
export const holdsLength = (offset: number, zero = false): When => {
  return (bytes, at) => {
    const value = valueAt(bytes, at + offset);
    return value <= HIGHEST_LENGTH && !(zero && value === 0);
  };
};

/** The length/type field is neither. */
export const holdsNeither = (offset: number): When => {
  return (bytes, at) => {
    const value = valueAt(bytes, at + offset);
    return value > HIGHEST_LENGTH && value < LOWEST_TYPE;
  };
};

/**
 * Hands on what follows a length/type field that ends at `at`: by its type, or, after a length, which limits the
 * payload, as 802.2 LLC (4) or Novell's raw form (1), which begins with two bytes ff where LLC has service access points.
 */
export function handTypeOrLength(
  frame: Frame,
  bytes: Uint8Array,
  at: number,
  value: number,
  types: Table,
  others: Table,
  field: Field,
): boolean {
  if (value >= LOWEST_TYPE) return frame.next(types, value, at);
  if (value > HIGHEST_LENGTH) {
    frame.malformed(field, LOWEST_TYPE, value);
    return false;
  }
  const raw = at + 2 <= frame.end && valueAt(bytes, at) === 0xffff;
  const { contained } = frame;
  const end = at + value;
  if (end > contained) frame.limit(end, field); // which is an anomaly
  return frame.next(others, raw ? 1 : 4, at, Math.min(end, contained));
}
