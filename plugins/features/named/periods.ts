import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** A gap between frames that parts periods of activity, and one that parts sub-flows. */
const IDLE = '5s';
const SUBFLOW = '1s';

/** End of the features' names, aggregate, aggregate of periods, and what it makes of the lengths. */
const STATISTICS = [
  ['mean', 'mean', 'mean'],
  ['std', 'stddev', 'sample standard deviation'],
  ['min', 'min', 'shortest'],
  ['max', 'max', 'longest'],
] as const;

/** Periods of activity, the gaps that part them, and sub-flows. */
export const periodFeatures: readonly Feature[] = [
  ...STATISTICS.map(([suffix, aggregate, which]) =>
    defineFeature({
      name: `active_${suffix}`,
      description: `Periods without a gap between frames longer than 5 s, the last one and those of one frame among them: ${which}.`,
      value: `period_${aggregate}(time, ${IDLE})`,
    }),
  ),
  ...STATISTICS.map(([suffix, aggregate, which]) =>
    defineFeature({
      name: `idle_${suffix}`,
      description: `Gaps between frames that are longer than 5 s: ${which}.`,
      value: `${aggregate}(gap(time), gap(time) > ${IDLE})`,
    }),
  ),
  ...STATISTICS.map(([suffix, aggregate, which]) =>
    defineFeature({
      name: `closed_active_${suffix}`,
      description: `Periods that a gap longer than 5 s ended, without the last one and those of one frame, as CICFlowMeter counts them: ${which}.`,
      value: `closed_period_${aggregate}(time, ${IDLE})`,
    }),
  ),
  defineFeature({
    name: 'active_periods',
    description: 'Number of periods without a gap between frames longer than 5 s.',
    value: `count(gap(time) > ${IDLE}) + 1`,
  }),
  defineFeature({
    name: 'subflows',
    description: 'Number of sub-flows: parts of the flow without a gap between frames longer than 1 s.',
    value: `count(gap(time) > ${SUBFLOW}) + 1`,
  }),
  ...(['fwd', 'bwd'] as const).flatMap((side) => {
    const direction = side === 'fwd' ? 'forward' : 'backward';
    return [
      defineFeature({
        name: `subflow_${side}_frames`,
        description: `Frames ${direction} per sub-flow (parts without a gap longer than 1 s).`,
        value: `count(${direction}) / (count(gap(time) > ${SUBFLOW}) + 1)`,
      }),
      defineFeature({
        name: `subflow_${side}_payload_bytes`,
        description: `Bytes of transport payload ${direction} per sub-flow (parts without a gap longer than 1 s).`,
        value: `sum(payload.length, ${direction}) / (count(gap(time) > ${SUBFLOW}) + 1)`,
      }),
    ];
  }),
];
