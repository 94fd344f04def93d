/** A named feature that is an expression. */
export interface ExpressionFeature {
  readonly name: string;
  /** One sentence: what it is, with its basis (which lengths, which frames). */
  readonly description: string;
  /** Expression at flow level. */
  readonly value: string;
  /** Unit it is printed in, where not the expression's own. */
  readonly unit?: string;
}

/** A feature written as code: a frame-level expression for each input, numeric slots, and a finish. */
export interface CodeFeature {
  readonly name: string;
  readonly description: string;
  /** Frame-level expressions; a frame for which one is empty is passed as NaN. Numbers, booleans, times, durations. */
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

/** A feature that a configuration can ask for by name. */
export type Feature = Readonly<ExpressionFeature | CodeFeature> & { readonly kind: 'feature' };

/** Declares a named feature. */
export function defineFeature(declaration: ExpressionFeature | CodeFeature): Feature {
  return Object.freeze({ kind: 'feature', ...declaration });
}

/** A column of a preset: a named feature, or a column name with a feature or an expression. */
export type PresetColumn =
  | string
  | { readonly name: string; readonly value: string; readonly unit?: string }
  | { readonly name: string; readonly feature: string };

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
}

/** Declares a preset. */
export function definePreset(
  preset: Omit<Preset, 'kind' | 'flow' | 'differences'> & Partial<Pick<Preset, 'flow' | 'differences'>>,
): Preset {
  return Object.freeze({ kind: 'preset', flow: {}, differences: [], ...preset });
}
