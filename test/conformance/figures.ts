import type { Results } from './compare.ts';
import type { Kind } from './rule.ts';
import { rangeRules } from './rules/ranges.ts';
import { stackRules } from './rules/stack.ts';
import { valueRules } from './rules/values.ts';
import type { FieldTally, Tally } from './tally.ts';

/** What is wanted: shares of equal cells, of a field when it has this many, and so many fields. */
export const GOAL = { overall: 0.9995, field: 0.995, cells: 100, fields: 600 };

const kinds = new Map<string, Kind>(
  [...valueRules, ...rangeRules, ...stackRules].map(({ name, kind }) => [name, kind]),
);

/** Cells of layers that only one side has: of a port alone, or of a protocol that packetloom does not have. */
export function onOneSide({ classes }: FieldTally): number {
  let count = 0;
  for (const [name, met] of classes) {
    const kind = kinds.get(name);
    if (kind === 'port only' || kind === 'not dissected') count += met.count;
  }
  return count;
}

/** Cells of several fields. */
export interface Total {
  cells: number;
  equal: number;
  /** Equal once tshark is asked about the frame without the others of its conversation. */
  alone: number;
  /** Of layers that only one side has. */
  onOneSide: number;
}

export function total(fields: Iterable<FieldTally>): Total {
  const sum = { cells: 0, equal: 0, alone: 0, onOneSide: 0 };
  for (const field of fields) {
    sum.cells += field.cells;
    sum.equal += field.equal;
    sum.alone += field.alone;
    sum.onOneSide += onOneSide(field);
  }
  return sum;
}

/** Share of all cells that are equal. */
export const strictShare = ({ cells, equal }: Pick<Total, 'cells' | 'equal'>): number =>
  cells === 0 ? 1 : equal / cells;

/** Share of equal cells among those of layers that both sides have, each frame taken for itself. */
export const ownShare = ({ cells, equal, alone, onOneSide: without }: Total): number =>
  cells === without ? 1 : (equal + alone) / (cells - without);

/** Fields that have many cells and are equal in fewer than the goal. */
export const fieldsBelow = (tally: Tally): [string, FieldTally][] =>
  [...tally.fields].filter(([, one]) => one.cells >= GOAL.cells && strictShare(one) < GOAL.field);

/** Fields with differences that no class explains. */
export const unexplained = (tally: Tally): [string, FieldTally][] =>
  [...tally.fields].filter(([, { classes }]) => classes.has(''));

/** Lists of layers that are the same, but for protocols packetloom does not have and what a port alone claimed. */
export const stackShare = ({ stack }: Results): number => (stack.equal + stack.alone + onOneSide(stack)) / stack.cells;

/** What of the goals is not reached, one line each. */
export function missed(results: Results): string[] {
  const lines: string[] = [];
  const told = (share: number) => `${(100 * share).toFixed(3)} %`;
  const { values, ranges, stackTally } = results;
  const all = ownShare(total(values.fields.values()));
  if (all < GOAL.overall) lines.push(`values are equal in ${told(all)} of the cells, not ${told(GOAL.overall)}`);
  for (const [field, one] of fieldsBelow(values)) {
    const share = ownShare(total([one]));
    if (share < GOAL.field) lines.push(`${field} is equal in ${told(share)} of the cells, not ${told(GOAL.field)}`);
  }
  for (const [field] of [...unexplained(values), ...unexplained(ranges), ...unexplained(stackTally)])
    lines.push(`${field} differs for no known reason`);
  return lines;
}
