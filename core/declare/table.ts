import { intern } from './intern.ts';

/** A number (or a guess) in a table that leads to the dissector which claims it. */
export interface Claim {
  readonly table: Table;
  /** -1 for a heuristic: the dissector's `accept` alone decides, after the numbers. */
  readonly number: number;
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
  /** The claim of a dissector that recognises its own bytes. */
  guess(): Claim;
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
    guess: () => ({ table, number: -1 }),
  };
  return Object.freeze(table);
}

/** A table of another dissector by its name, to claim a number in it: `tableNamed('udp.port').at(9999)`. */
export function tableNamed(name: string): Table {
  return defineTable(name, name);
}
