import type { Registry } from '../declare/registry.ts';
import type { FrameFilter, Program } from '../expression/program.ts';
import { type KeyPlan, planKey } from '../flow/key-plan.ts';
import { Meter } from '../flow/meter.ts';
import { RowBatch } from '../flow/rows.ts';
import { defaultFlowSettings, type FlowSettings } from '../flow/settings.ts';
import { frameColumns, placesFor, Stage, type StageOptions } from '../flow/stage.ts';
import { stageOptions } from '../flow/stage-options.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { Dispatch } from '../frame/dispatch.ts';

/** No features: the meter runs for the identity of its flows. */
const PROGRAM: Program = {
  birth: new Float64Array(0),
  timeSlots: [],
  createObjects: undefined,
  shiftObjects() {},
  demanded: [],
  gather() {},
  update() {},
  columns: [],
  keep: () => false,
  finish() {},
};

/** The flow of each frame, as the meter has it: `flow_id` of the row that `flows` writes with the same settings. */
export class FlowIds {
  /** By place in the batch: the two halves of the id; -1 as high half for a frame in no flow. */
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly segment: Float64Array;
  readonly #stage: Stage;
  readonly #meter: Meter;
  readonly #slots: Int32Array;
  readonly #rows = new RowBatch([], 1);

  /** @param capacity frames of a batch at most */
  constructor(
    dispatch: Dispatch,
    plan: KeyPlan,
    settings: FlowSettings,
    filter: FrameFilter | undefined,
    capacity: number,
    options: StageOptions = {},
  ) {
    const places = placesFor(capacity, options);
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.segment = new Float64Array(capacity);
    this.#slots = new Int32Array(places);
    this.#stage = new Stage(dispatch, PROGRAM, plan, frameColumns(places), filter, options);
    this.#meter = new Meter(settings, plan, PROGRAM, this.#stage, this.#slots);
  }

  /** Takes the frames of a batch. */
  run(batch: FrameBatch): void {
    this.#stage.run(batch);
    this.#meter.process(batch);
    const { skip } = this.#stage;
    for (let i = 0; i < batch.count; i += 1) {
      if (skip[i] !== 0) {
        this.high[i] = -1;
        continue;
      }
      const { idHigh, idLow, segment } = this.#meter.facts(this.#slots[i]!);
      this.high[i] = idHigh;
      this.low[i] = idLow;
      this.segment[i] = segment;
    }
    // The records of flows that have ended become free.
    while (this.#meter.drain(this.#rows)) this.#rows.count = 0;
  }
}

/** How frames become flows here, and the fields that the key reads. */
export function flowPlan(registry: Registry, settings: FlowSettings = defaultFlowSettings) {
  const plan = planKey(registry, settings.key, settings.bidirectional);
  return { settings, plan, options: stageOptions(registry, settings), demanded: plan.fields.map(({ entry }) => entry) };
}
