import type { ValueType } from './value-type.ts';

/**
 * Numeric state of an aggregate: some slots of a flow's page. States are shared: every aggregate over the same value and
 * selection that can finish from a state uses the one copy, and what is total = forward + backward is merged at the end.
 */
export interface State {
  readonly kind: 'state';
  /** Unique with its arguments: `moments`, `nth(3)`. */
  readonly name: string;
  /** The slots at birth. */
  readonly slots: readonly number[];
  /** Takes one value (never NaN) into the slots from `at`. Plain, allocation-free. */
  update(slots: Float64Array, at: number, value: number): void;
  /** Adds the state at `from` to the one at `into`, for disjoint sets of frames; undefined where order matters. */
  readonly merge: ((slots: Float64Array, into: number, from: number) => void) | undefined;
  /** Names of the slots, for `explain`; none where it shows results only. */
  readonly terms?: readonly string[];
  /** Slots that hold the value itself, to be moved when the value is a time and the run's time base moves. */
  readonly times: readonly number[];
}

/** State of an aggregate for which numbers do not do: one object per flow, bounded in size. */
export interface ObjectState<T = unknown> {
  readonly kind: 'object-state';
  readonly name: string;
  create(): T;
  /** Takes one value: a number (never NaN) or a string. */
  update(state: T, value: number | string): void;
  readonly merge: ((into: T, from: T) => void) | undefined;
  /** Moves held times by `delta`, where the value can be a time. */
  shift?(state: T, delta: number): void;
}

/**
 * One way to finish: which state is kept, and the result from it. NaN (or null for text) is empty. `formula` says for
 * `explain` how: arithmetic with `^` and `sqrt` over the terms of the state and `duration`, in nanoseconds as they are.
 */
export type Choice =
  | {
      readonly state: State;
      readonly formula?: string | undefined;
      finish(slots: Float64Array, at: number, duration: number): number | string;
    }
  | {
      readonly state: ObjectState<never>;
      finish(state: never, duration: number): number | string | null | readonly (number | string | null)[];
    };

/** A literal argument behind the value: an integer, a number, a duration in nanoseconds, or numbers such as histogram edges. */
export type Literal = number | readonly number[];

/** What a plugin author writes. */
export interface AggregateDeclaration {
  readonly name: string;
  /** One sentence: what it is. */
  readonly description: string;
  /** How it is computed; for a sketch the error bound and the memory per flow. */
  readonly estimator: string;
  /** Result for no value and for one. */
  readonly empty: string;
  /** Kinds of value it takes. */
  readonly accepts: readonly ValueType['kind'][];
  /** It may be called without a value (`count()`). */
  readonly valueOptional?: boolean;
  /** Names and kinds of the literals behind the value. */
  readonly literals?: readonly {
    readonly name: string;
    readonly kind: 'integer' | 'number' | 'numbers' | 'duration';
  }[];
  /** Type and unit of the result. */
  result(value: ValueType, literals: readonly Literal[]): ValueType;
  /** The states it can finish from, the cheapest first. */
  choices(literals: readonly Literal[], value: ValueType): readonly Choice[];
}

/** An aggregate, ready for a registry. */
export interface Aggregate extends AggregateDeclaration {
  readonly kind: 'aggregate';
}

/** Declares an aggregate. */
export function defineAggregate(declaration: AggregateDeclaration): Aggregate {
  return Object.freeze({ kind: 'aggregate', ...declaration });
}

/** Declares a numeric state. */
export function defineState(
  state: Omit<State, 'kind' | 'merge' | 'times'> & Partial<Pick<State, 'merge' | 'times'>>,
): State {
  return Object.freeze({ kind: 'state', merge: undefined, times: [], ...state });
}

/** Declares an object state. */
export function defineObjectState<T>(
  state: Omit<ObjectState<T>, 'kind' | 'merge'> & Partial<Pick<ObjectState<T>, 'merge'>>,
): ObjectState<T> {
  return Object.freeze({ kind: 'object-state', merge: undefined, ...state });
}

/** The choice to finish from a numeric state. */
export const fromState = (
  state: State,
  finish: (slots: Float64Array, at: number, duration: number) => number | string,
  formula?: string,
): Choice => ({
  state,
  finish,
  formula,
});

/** The choice to finish from an object state; several results make a list. */
export const fromObject = <T>(
  state: ObjectState<T>,
  finish: (state: T, duration: number) => number | string | null | readonly (number | string | null)[],
): Choice => ({ state: state as unknown as ObjectState<never>, finish });
