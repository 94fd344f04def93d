/**
 * Type of an expression's value. At run time numbers, booleans (0, 1), times and durations (nanoseconds; times from the
 * run's base) are float64 with NaN for empty; text, bytes and addresses are strings with null for empty, bytes and
 * addresses one UTF-16 unit (0 to 255) a byte.
 */
export interface ValueType {
  readonly kind: 'number' | 'boolean' | 'time' | 'duration' | 'text' | 'bytes' | 'address';
  /** Canonical unit such as `bytes`, `bytes/s`, `bytes^2`; empty for none. Durations have none: their kind says it. */
  readonly unit: string;
  /** Several values per frame (a field in a list of items). */
  readonly list: boolean;
  /** Result lists have a fixed length: the columns they make. */
  readonly length?: number;
  /** Texts for values, for display. */
  readonly labels?: Readonly<Record<number, string>>;
  /** Whole numbers only. */
  readonly integer?: boolean;
}
