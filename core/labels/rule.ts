/** A moment: whole Unix seconds and nanoseconds. */
export interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Addresses of one prefix: the words, and which of their bits count. A single address has all bits. */
export interface AddressRange {
  readonly length: 4 | 16;
  readonly words: readonly number[];
  readonly masks: readonly number[];
  readonly bits: number;
}

/** First and last port of a range. */
export type PortRange = readonly [first: number, last: number];

/** Which flows get a label. What is undefined fits every flow. */
export interface LabelRule {
  /** Any of these. */
  readonly source: readonly AddressRange[] | undefined;
  readonly destination: readonly AddressRange[] | undefined;
  readonly sourcePorts: readonly PortRange[] | undefined;
  readonly destinationPorts: readonly PortRange[] | undefined;
  /** IP protocol number. */
  readonly protocol: number | undefined;
  /** Both ends belong to it. */
  readonly from: Moment | undefined;
  readonly to: Moment | undefined;
  /** Only flows whose source is the rule's source; else also those that go the other way. */
  readonly forward: boolean;
  /** Values of the label columns, in their order. */
  readonly values: readonly string[];
  /** Where it was written, for the summary: `rules.csv:7`. */
  readonly place: string;
}

/** Rules in order, with the columns they fill. */
export interface LabelRules {
  /** Names of the columns: `label`, and the further columns of the rules. */
  readonly columns: readonly string[];
  readonly rules: readonly LabelRule[];
  /** Label of flows that no rule fits; empty for none. */
  readonly fallback: string;
  /** What must lie in a rule's time range: the start of the row, or any moment from its start to its end. */
  readonly time: 'start' | 'overlap';
}
