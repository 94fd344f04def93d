/** A frame of the flow, as one part of a feature saw it. */
export interface ExplainedFrame {
  /** Number of the frame in the run, from 1. */
  readonly number: number;
  /** Its own time, Unix seconds with nine decimals; empty for a record without a time. */
  readonly time: string;
  /** Its time in the flow (never before the frame in front of it) since the start of the segment, in seconds. */
  readonly since_start: string;
  readonly direction: 'forward' | 'backward';
  /** The values it gave: none where it was not selected or has none, several where a field occurs several times. */
  readonly values: readonly string[];
  /** Conditions of the selection, with what they are for this frame: true, false, or empty (null). */
  readonly conditions: readonly { readonly expression: string; readonly holds: boolean | null }[];
  /** The selection took it, and it gave a value. */
  readonly taken: boolean;
  /** The state after it, in the terms of the aggregate. */
  readonly state: Readonly<Record<string, string>>;
  /** Result of this part after it. */
  readonly result: string;
  /** The feature's cells, if the row were made after it. */
  readonly cells: readonly string[];
}

/** One part of a feature that keeps a state: an aggregate, or a feature written as code. */
export interface ExplainedPart {
  /** The expression; empty for a feature that only reads what is known of the flow. */
  readonly expression: string;
  /** What it is, and how it is computed. */
  readonly description: string;
  /** What the frames' values are. */
  readonly value: string;
  /** What the values, the state and the result are counted in. */
  readonly unit: string;
  readonly frames: readonly ExplainedFrame[];
}

/** How one feature of one row came about. */
export interface ExplainedFeature {
  readonly name: string;
  readonly description: string;
  readonly expression: string;
  readonly unit: string;
  readonly parts: readonly ExplainedPart[];
  /** The formula with the numbers of the end filled in, line by line. */
  readonly formula: readonly string[];
  /** The row's own columns and cells, as a CSV file has them before quoting. */
  readonly columns: readonly string[];
  readonly cells: readonly string[];
}

/** How some features of one row came about. */
export interface Explanation {
  readonly flow_id: string;
  readonly segment: number;
  /** Rows that the flow has in all. */
  readonly segments: number;
  /** Source and destination as `address:port`, and the protocol. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly start: string;
  readonly end: string;
  readonly frames: number;
  readonly end_reason: string;
  /** `keep` let the row pass. */
  readonly kept: boolean;
  readonly features: readonly ExplainedFeature[];
}
