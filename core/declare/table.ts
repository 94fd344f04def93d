import type { Frame } from '../frame/frame.ts';
import { intern } from './intern.ts';

/** A number (or a guess) in a table that leads to the dissector which claims it. */
export interface Claim {
  readonly table: Table;
  /** -1 for a heuristic: the dissector's `accept` alone decides, after the numbers. */
  readonly number: number;
  /** What the bytes must pass besides the dissector's own `accept`. */
  readonly accept?: (bytes: Uint8Array, at: number, end: number, frame: Frame) => boolean;
}

/**
 * A dispatch table, as Wireshark has them: the parent owns it, children claim numbers in it, and neither knows the other.
 */
export interface Table {
  readonly kind: 'table';
  readonly id: number;
  readonly name: string;
  readonly title: string;
  /** Numbers are printed in this base. */
  readonly display: 'decimal' | 'hex';
  /** The claim of one number. */
  at(number: number): Claim;
  /** The claim of one number for bytes that pass a check: of a port by a dissector that elsewhere takes what it gets. */
  checked(number: number, accept: NonNullable<Claim['accept']>): Claim;
  /** The claim of a dissector that recognises its own bytes, by `accept` besides its own where it is given. */
  guess(accept?: NonNullable<Claim['accept']>): Claim;
}

/** Declares a table. Two declarations with one name are the same table. */
export function defineTable(name: string, title: string, display: 'decimal' | 'hex' = 'decimal'): Table {
  const table: Table = {
    kind: 'table',
    id: intern('table', name),
    name,
    title,
    display,
    at: (number) => ({ table, number }),
    checked: (number, accept) => ({ table, number, accept }),
    guess: (accept) => ({ table, number: -1, ...(accept === undefined ? {} : { accept }) }),
  };
  return Object.freeze(table);
}

/** A table of another dissector by its name, to claim a number in it: `tableNamed('udp.port').at(9999)`. */
export function tableNamed(name: string): Table {
  return defineTable(name, name);
}
