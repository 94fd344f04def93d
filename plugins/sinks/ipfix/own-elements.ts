import { createHash } from 'node:crypto';
import type { Column } from '../../../core/flow/rows.ts';
import type { Element, ElementType } from './elements.ts';

/** An element under the enterprise number of the user. */
export interface OwnElement extends Element {
  readonly column: Column;
}

/** Highest number of an enterprise's element. */
const HIGHEST = 32_767;

function typeOf({ kind, integer, boolean, labels }: Column): ElementType {
  if (kind === 'time') return 'dateTimeNanoseconds';
  if (kind === 'hash') return 'unsigned64';
  if (kind !== 'number' || labels !== undefined) return 'string';
  return boolean ? 'boolean' : integer ? 'signed64' : 'float64';
}

/**
 * Elements for columns that have none, under the user's own enterprise number. The number of each is a hash of name and
 * type, so that a column has the same one in other runs too; the next free one where two meet.
 */
export function ownElements(columns: readonly Column[]): OwnElement[] {
  const taken = new Set<number>();
  const inOrder = columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const numbers = new Map(
    inOrder.map((column) => {
      const digest = createHash('sha256')
        .update(`${column.name} ${typeOf(column)}`)
        .digest();
      let id = (digest.readUInt32BE(0) % HIGHEST) + 1;
      while (taken.has(id)) id = (id % HIGHEST) + 1;
      taken.add(id);
      return [column, id];
    }),
  );
  return columns.map((column) => ({ column, name: column.name, id: numbers.get(column)!, type: typeOf(column) }));
}
