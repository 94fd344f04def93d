/** What a run counts about time and flows. */
export interface MeterCounts {
  used: number;
  skippedLate: number;
  rows: number;
  /** Rows of flows that went on. */
  snapshots: number;
  notKept: number;
  /** By end reason, 1 to 5. */
  readonly byEndReason: number[];
  disorder: number;
  steps: number;
  timeAbsent: number;
  timeSpan: number;
}

/** The counts of a run that has seen nothing yet. */
export const noCounts = (): MeterCounts => ({
  used: 0,
  skippedLate: 0,
  rows: 0,
  snapshots: 0,
  notKept: 0,
  byEndReason: [0, 0, 0, 0, 0, 0],
  disorder: 0,
  steps: 0,
  timeAbsent: 0,
  timeSpan: 0,
});
