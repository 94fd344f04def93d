/** Where a difference was met first. */
export interface Example {
  readonly capture: string;
  /** From 1. */
  readonly frame: number;
  readonly ours: string;
  readonly theirs: string;
}

/** How often a class was met, and where first. */
export interface Met {
  count: number;
  readonly example: Example;
}

/** What came of comparing one field. */
export class FieldTally {
  /** Cells where one side has a value. */
  cells = 0;
  equal = 0;
  /** Cells that are equal once tshark is asked about the frame without those around it. */
  alone = 0;
  /** By name of the class; unexplained ones under ''. */
  readonly classes = new Map<string, Met>();

  differ(name: string, example: Example): void {
    const met = this.classes.get(name);
    if (met === undefined) this.classes.set(name, { count: 1, example });
    else met.count += 1;
  }
}

/** Results by field. */
export class Tally {
  readonly fields = new Map<string, FieldTally>();

  of(field: string): FieldTally {
    let found = this.fields.get(field);
    if (found === undefined) {
      found = new FieldTally();
      this.fields.set(field, found);
    }
    return found;
  }

  sum(pick: (field: FieldTally) => number): number {
    let total = 0;
    for (const field of this.fields.values()) total += pick(field);
    return total;
  }
}
