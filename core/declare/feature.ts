import type { NumberForm } from '../flow/rows.ts';
import type { Imitation } from './imitation.ts';

/** What a feature states about itself beyond its sentence, where the expression does not say it well enough. */
export interface FeatureStatement {
  /** What it rests on: fields, built-in values, features. Read off the expressions where not stated. */
  readonly basis?: readonly string[];
  /** How it is computed. Taken from the aggregates where not stated. */
  readonly estimator?: string;
  /** Result for no value, and for one. Taken from the aggregates where not stated. */
  readonly empty?: string;
}

/** A named feature that is an expression. */
export interface ExpressionFeature extends FeatureStatement {
  readonly name: string;
  /** One sentence: what it is, with its basis (which lengths, which frames). */
  readonly description: string;
  /** Expression at flow level. */
  readonly value: string;
  /** Unit it is printed in, where not the expression's own. */
  readonly unit?: string;
}

/**
 * A feature written as code: a frame-level expression for each input, numeric slots, and a finish. Features with the same
 * `inputs`, `slots` array and `update` function share one state, and differ in what they finish from it.
 */
export interface CodeFeature extends FeatureStatement {
  readonly name: string;
  readonly description: string;
  /**
   * Frame-level expressions: numbers, booleans, times, durations. A frame for which one is empty is passed as NaN; of
   * several values in one frame the first is.
   */
  readonly inputs: readonly string[];
  /** The slots at birth. */
  readonly slots: readonly number[];
  /** Slots that hold times. */
  readonly times?: readonly number[];
  readonly unit?: string;
  readonly type?: 'number' | 'boolean' | 'time' | 'duration';
  /** Takes one frame. Plain and allocation-free; must not throw. */
  update(slots: Float64Array, at: number, ...inputs: number[]): void;
  /** The result; NaN is empty. `duration` of the flow is in nanoseconds. */
  finish(slots: Float64Array, at: number, duration: number): number;
}

/**
 * State of a flow for which numbers in slots do not do: one object, bounded in size. Features with the same state and the
 * same inputs share the object, and differ in what they finish from it.
 */
export interface FeatureState<T> {
  create(): T;
  /**
   * Takes one frame: `inputs` in the order of the feature, NaN where empty, reused. Plain and allocation-free; must not throw.
   * @param forward the frame goes from the flow's source to its destination
   */
  update(state: T, inputs: Float64Array, forward: boolean): void;
  /** Moves the times that the state holds by `delta` nanoseconds, where it holds any. */
  shift?(state: T, delta: number): void;
  /**
   * The state that the next segment begins with when the active timeout cuts the flow: a copy, as the row of the segment
   * that has ended is still to be made. Without it every segment begins anew.
   */
  carry?(state: T): T;
}

/** A feature written as code with an object per flow; it may give a text. */
export interface ObjectFeature extends FeatureStatement {
  readonly name: string;
  readonly description: string;
  /**
   * Frame-level expressions: numbers, booleans, times, durations. A frame for which one is empty is passed as NaN; of
   * several values in one frame the first is.
   */
  readonly inputs: readonly string[];
  readonly state: FeatureState<never>;
  readonly type: 'number' | 'boolean' | 'time' | 'duration' | 'text';
  readonly unit?: string;
  /** The result; NaN, or null for a text, is empty. `duration` of the flow is in nanoseconds. */
  finish(state: never, duration: number): number | string | null;
}

/** Declares an object feature, with the type of its state. */
export function defineObjectFeature<T>(
  declaration: Omit<ObjectFeature, 'state' | 'finish'> & {
    readonly state: FeatureState<T>;
    finish(state: T, duration: number): number | string | null;
  },
): Feature {
  return Object.freeze({ kind: 'feature', ...(declaration as unknown as ObjectFeature) });
}

/** A feature that a configuration can ask for by name. */
export type Feature = Readonly<ExpressionFeature | CodeFeature | ObjectFeature> & { readonly kind: 'feature' };

/** Declares a named feature. */
export function defineFeature(declaration: ExpressionFeature | CodeFeature): Feature {
  return Object.freeze({ kind: 'feature', ...declaration });
}

/** A column of a preset: a named feature, or a column name with a feature or an expression. */
export type PresetColumn =
  | string
  | { readonly name: string; readonly value: string; readonly unit?: string; readonly form?: NumberForm }
  | { readonly name: string; readonly feature: string };

/** A setting of a preset that changes its columns. */
export interface PresetOption {
  /** One sentence. */
  readonly description: string;
  readonly type: 'integer' | 'boolean';
  /** Of an integer. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default: number | boolean;
}

/** Values of a preset's options, every one of them. */
export type PresetOptions = Readonly<Record<string, number | boolean>>;

/** How a preset reproduces its tool under `compatibility: exact`. */
export interface ExactPreset {
  readonly imitation: Imitation;
  /** Columns with the tool's own formulas, where they are not the preset's. */
  columns?(options: PresetOptions): readonly PresetColumn[];
  /** Defaults for `flow`, where they are not the preset's. */
  readonly flow?: Readonly<Record<string, unknown>>;
}

/** Columns in order, with defaults for the meter. */
export interface Preset {
  readonly kind: 'preset';
  readonly name: string;
  readonly description: string;
  /** The tool and version it follows, if it follows one. */
  readonly tool?: string;
  readonly version?: string;
  readonly columns: readonly PresetColumn[];
  /** Defaults for the configuration's `flow`; explicit settings win. */
  readonly flow: Readonly<Record<string, unknown>>;
  /** Known differences from the tool. */
  readonly differences: readonly string[];
  /** Settings that change the columns; `columns` are those of their defaults. */
  readonly options?: Readonly<Record<string, PresetOption>>;
  /** The columns under other options. */
  columnsWith?(options: PresetOptions): readonly PresetColumn[];
  readonly exact?: ExactPreset;
}

/** Declares a preset. */
export function definePreset(
  preset: Omit<Preset, 'kind' | 'flow' | 'differences'> & Partial<Pick<Preset, 'flow' | 'differences'>>,
): Preset {
  return Object.freeze({ kind: 'preset', flow: {}, differences: [], ...preset });
}
