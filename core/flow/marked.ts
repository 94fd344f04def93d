import type { FrameBatch } from '../frame/batch.ts';
import { Fragments, type Weave } from './fragments.ts';
import type { KeyPlan } from './key-plan.ts';
import { FRAGMENT, HELD, type Stage, TWICE } from './stage.ts';

/** Bounds of what is kept of fragments. */
export interface FragmentLimits {
  readonly maxFragments: number;
  readonly fragmentTimeout: number;
}

/** The frames that stage 1 marked, on their way into flows: fragments, and frames that feed flows of two levels. */
export class MarkedFrames {
  readonly #stage: Stage;
  readonly #first: Fragments | undefined;
  readonly #second: Fragments | undefined;
  readonly #weaveSecond: Weave;
  readonly #weave: Weave;
  readonly #timeout: number;

  /** @param weave takes a frame into its flow; @param weaveSecond likewise, of a frame that was taken before */
  constructor(stage: Stage, plan: KeyPlan, limits: FragmentLimits, weave: Weave, weaveSecond: Weave) {
    this.#stage = stage;
    this.#weave = weave;
    this.#weaveSecond = weaveSecond;
    this.#timeout = limits.fragmentTimeout;
    if (stage.fragments === undefined) return;
    const level = stage.tunnels === 'inner' ? 'innermost' : 'outermost';
    this.#first = new Fragments(stage, plan, limits, level, weave);
    if (stage.second > 0) this.#second = new Fragments(stage, plan, limits, 'second', weaveSecond);
  }

  get joined(): number {
    return (this.#first?.joined ?? 0) + (this.#second?.joined ?? 0);
  }

  get unmatched(): number {
    return (this.#first?.unmatched ?? 0) + (this.#second?.unmatched ?? 0);
  }

  /** How much later than their own time frames may come into flows, in nanoseconds. */
  get lag(): number {
    return this.#first?.everHeld === true || this.#second?.everHeld === true ? this.#timeout : 0;
  }

  /** Run clock when something that waits has waited long enough. */
  get nextDue(): number {
    return Math.min(
      this.#first?.nextDue ?? Number.POSITIVE_INFINITY,
      this.#second?.nextDue ?? Number.POSITIVE_INFINITY,
    );
  }

  /** Takes a marked frame of the batch. `batchNumber` tells batches apart. */
  take(batch: FrameBatch, i: number, time: number, number: number, clock: number, batchNumber: number): void {
    const { skip, second } = this.#stage;
    const mark = skip[i]!;
    const fragment = (mark & FRAGMENT) !== 0;
    skip[i] = 0;
    if (!fragment) this.#weave(i, time, number, undefined);
    else if (this.#first!.take(batch, i, time, number, clock, batchNumber)) skip[i] = HELD;
    if (second === 0) return;
    if (fragment) this.#second!.take(batch, i, time, number, clock, batchNumber);
    else if ((mark & TWICE) !== 0) this.#weaveSecond(i + second, time, number, undefined);
  }

  expire(clock: number): void {
    this.#first?.expire(clock);
    this.#second?.expire(clock);
  }

  flush(clock: number): void {
    this.#first?.flush(clock);
    this.#second?.flush(clock);
  }
}
