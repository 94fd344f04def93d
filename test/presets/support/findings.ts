import type { DifferenceClass } from './classes.ts';

/** How often a class was met, and where first. */
export interface Tally {
  readonly difference: DifferenceClass;
  cells: number;
  /** Rows with at least one of these cells. */
  readonly rows: Set<string>;
  onlyTheirs: number;
  onlyOurs: number;
  example: string;
}

/** What a comparison with one tool found. */
export class Findings {
  captures = 0;
  /** Rows of the tool that count, and those of artefacts. */
  theirs = 0;
  artefacts = 0;
  ours = 0;
  matched = 0;
  cells = 0;
  equal = 0;
  /** Captures that were left out, and why. */
  readonly leftOut: string[] = [];
  readonly tallies = new Map<string, Tally>();
  /** Cells and rows that no class holds. */
  readonly unexplained: string[] = [];

  /** The tally of a class; undefined where no class holds, which is noted. */
  tally(difference: DifferenceClass | undefined, example: string): Tally | undefined {
    if (difference === undefined) {
      this.unexplained.push(example);
      return undefined;
    }
    let one = this.tallies.get(difference.name);
    if (one === undefined) {
      one = { difference, cells: 0, rows: new Set(), onlyTheirs: 0, onlyOurs: 0, example };
      this.tallies.set(difference.name, one);
    }
    return one;
  }
}

/** Two cells mean the same: equal text, nothing for `NaN` and `Infinity`, or numbers that differ by less than a part in 10^9. */
export function sameCell(theirs: string, ours: string): boolean {
  if (theirs === ours) return true;
  // What no row of ours ever holds: empty there.
  if (ours === '' && (theirs === 'NaN' || theirs === 'Infinity')) return true;
  if (theirs === '' || ours === '') return false;
  const a = Number(theirs);
  const b = Number(ours);
  if (Number.isNaN(a) || Number.isNaN(b)) return false;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
