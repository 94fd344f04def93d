/** One way of a flow, or both, as families of features name and select it. */
export interface FeatureDirection {
  /** Before a feature's name. */
  readonly prefix: '' | 'fwd_' | 'bwd_';
  /** In a feature's sentence. */
  readonly words: string;
  /** The selection for an aggregate without a value: `count(forward)`. */
  readonly only: '' | 'forward' | 'backward';
  /** The selection behind an aggregate's value: `sum(frame.len, forward)`. */
  readonly and: '' | ', forward' | ', backward';
}

/** Both directions together, then forward and backward. */
export const DIRECTIONS: readonly FeatureDirection[] = [
  { prefix: '', words: 'in both directions', only: '', and: '' },
  { prefix: 'fwd_', words: 'forward (source to destination)', only: 'forward', and: ', forward' },
  { prefix: 'bwd_', words: 'backward (destination to source)', only: 'backward', and: ', backward' },
];
