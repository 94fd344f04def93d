import type { Imitation, ImitationRun } from '../declare/imitation.ts';
import type { FrameColumns, FrameContext, FrameFilter, Program } from '../expression/program.ts';
import { anomalyName } from '../frame/anomaly.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { Dispatch } from '../frame/dispatch.ts';
import { Frame } from '../frame/frame.ts';
import { walk } from '../frame/walk.ts';
import { ImitatedKeyColumns } from './imitated-keys.ts';
import type { FlowSettings } from './settings.ts';
import { FILTERED, IGNORED } from './stage.ts';

/** Beyond this many nanoseconds (52 days) the base moves: float64 is exact up to twice that. */
const SPAN = 2 ** 52;

/** The columns of an imitation's own values of frames. */
export function ownColumns(imitation: Imitation, capacity: number): Map<string, Float64Array | (string | null)[]> {
  return new Map(
    imitation.values
      .filter(({ of }) => of === 'frame')
      .map(({ name, kind }) => [
        name,
        kind !== 'number' ? new Array<string | null>(capacity).fill(null) : new Float64Array(capacity).fill(Number.NaN),
      ]),
  );
}

/** What {@link ImitatingStage} is made with. */
export interface ImitatingStageOptions {
  readonly imitation: Imitation;
  readonly settings: FlowSettings;
  readonly dispatch: Dispatch;
  readonly program: Program;
  /** With a column for each of the imitation's own values. */
  readonly columns: FrameColumns;
  readonly filter: FrameFilter | undefined;
}

/** Stage 1 of a run that imitates a tool: frames are walked for the fields that features read, and looked at as the tool does. */
export class ImitatingStage {
  readonly columns: FrameColumns;
  readonly keys: ImitatedKeyColumns;
  readonly rules: ImitationRun;
  /** Index into `SKIPPED`; 0 for a frame that is used. */
  readonly skip: Uint8Array;
  readonly anomalies: number[] = [];
  readonly frame = new Frame();
  /** Whole Unix seconds that times count from. */
  base = Number.NaN;
  readonly #monotone: boolean;
  readonly #readSeconds: Imitation['readSeconds'];
  readonly #dispatch: Dispatch;
  readonly #program: Program;
  readonly #filter: FrameFilter | undefined;
  readonly #context: FrameContext = { number: 0, time: 0, wireLength: 0, capturedLength: 0 };
  #number = 0;
  /** Records without a time. */
  timeAbsent = 0;

  constructor({ imitation, settings, dispatch, program, columns, filter }: ImitatingStageOptions) {
    const capacity = columns.time.length;
    const own = columns.own ?? new Map<string, Float64Array | (string | null)[]>();
    this.columns = columns;
    this.keys = new ImitatedKeyColumns(imitation.keyWords, capacity);
    this.skip = new Uint8Array(capacity);
    this.rules = imitation.create({
      capacity,
      settings,
      columns,
      keys: this.keys,
      numbers: (name) => own.get(name) as Float64Array,
      texts: (name) => own.get(name) as (string | null)[],
    });
    this.#monotone = imitation.monotone;
    this.#readSeconds = imitation.readSeconds;
    this.#dispatch = dispatch;
    this.#program = program;
    this.#filter = filter;
  }

  /** Nothing: the meter has frames looked at one by one, as the base of time may move between two of them. */
  run(_batch: FrameBatch): void {}

  /** Looks at one frame. Sets `skip`; may move the base. */
  look(batch: FrameBatch, i: number): void {
    const { frame, skip } = this;
    const filter = this.#filter;
    walk(frame, this.#dispatch, batch, i);
    this.#number += 1;
    for (let k = 0; k < frame.anomalyCount; k += 1) {
      const code = frame.anomalyCodes[k]!;
      this.anomalies[code] = (this.anomalies[code] ?? 0) + 1;
    }
    if (filter !== undefined && !this.#passes(filter, batch, i)) {
      skip[i] = FILTERED;
      return;
    }
    // Tools read a record without a time as one of 1970.
    const absent = batch.nanoseconds[i]! < 0;
    if (absent) this.timeAbsent += 1;
    const written = absent ? 0 : batch.seconds[i]!;
    const seconds = this.#readSeconds === undefined ? written : this.#readSeconds(written);
    const away = (seconds - this.base) * 1e9;
    if (!((this.#monotone ? away : Math.abs(away)) < SPAN)) this.#rebase(seconds);
    const whole = (seconds - this.base) * 1e9;
    const fraction = absent ? 0 : batch.nanoseconds[i]!;
    const counts = this.rules.read(frame, i, whole, fraction, batch.wire[i]!, seconds);
    skip[i] = counts ? 0 : IGNORED;
    if (counts) this.#program.gather(frame, i);
  }

  #rebase(seconds: number): void {
    if (this.base === this.base) this.rules.move((this.base - seconds) * 1e9);
    this.base = seconds;
  }

  #passes(filter: FrameFilter, batch: FrameBatch, i: number): boolean {
    const context = this.#context;
    context.number = this.#number;
    context.time = batch.nanoseconds[i]! < 0 ? Number.NaN : batch.seconds[i]! * 1e9 + batch.nanoseconds[i]!;
    context.wireLength = batch.wire[i]!;
    context.capturedLength = batch.captured[i]!;
    return filter.test(this.frame, context);
  }

  /** Anomalies by name. */
  anomalyCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    this.anomalies.forEach((count, code) => {
      if (count > 0) counts[anomalyName(code)] = count;
    });
    return counts;
  }
}
