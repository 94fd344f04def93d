import type { ValueType } from './value-type.ts';

/** A value that an analysis gives to each frame. */
export interface AnalysisValue {
  /** As expressions name it: `tcp.analysis.retransmission`. */
  readonly name: string;
  /** One sentence: what it is, and for which frames it is there. */
  readonly description: string;
  /** `duration` in nanoseconds; `boolean` as 0 and 1. */
  readonly type: Extract<ValueType['kind'], 'number' | 'boolean' | 'duration'>;
  /** Canonical unit of a number; none where not stated. */
  readonly unit?: string;
  /** Whole numbers only. */
  readonly integer?: boolean;
}

/** What a plugin author writes. */
export interface AnalysisDeclaration<T = unknown> {
  readonly name: string;
  /** One sentence: what it finds out, and by which rules (RFC, paper, tool). */
  readonly description: string;
  /** What it remembers of a connection, with its bound in bytes. */
  readonly memory: string;
  /**
   * Frame-level expressions: numbers, booleans, times, durations. One that is empty is passed as NaN; of several values in
   * one frame the first is.
   */
  readonly inputs: readonly string[];
  readonly values: readonly AnalysisValue[];
  /** Numbers of a connection that has no frame yet: they cost less than an object. None where not stated. */
  readonly slots?: readonly number[];
  /** Those of them that hold times, and are moved with them. */
  readonly times?: readonly number[];
  /** The other state of a connection that has no frame yet, bounded in size; left out where numbers do. */
  create?(): T;
  /**
   * Takes one frame. `inputs` are in the order of the declaration, `out` has a place for each value, NaN for empty; both are
   * reused. Called once per frame of the flow, in order, before anything else sees the frame. Plain and allocation-free
   * after the first frame; must not throw.
   * @param forward the frame goes from the flow's source to its destination
   * @param slots holds its numbers from `at` on
   */
  update(state: T, inputs: Float64Array, out: Float64Array, forward: boolean, slots: Float64Array, at: number): void;
  /** Moves the times that the state holds by `delta` nanoseconds, where it holds any. */
  shift?(state: T, delta: number): void;
}

/**
 * A source of values of single frames that depend on the frames before them in their connection. Its values are ordinary
 * names at frame level: `count(tcp.analysis.retransmission, forward)`. It runs once per frame however many features use it,
 * and only when one of its values is demanded. Its state lives as long as the flow: the active timeout does not touch it.
 */
export interface Analysis extends AnalysisDeclaration<never> {
  readonly kind: 'analysis';
}

/** Declares an analysis. */
export function defineAnalysis<T>(declaration: AnalysisDeclaration<T>): Analysis {
  return Object.freeze({ kind: 'analysis', ...(declaration as unknown as AnalysisDeclaration<never>) });
}
