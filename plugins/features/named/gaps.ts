import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** End of the features' names, aggregate, and what it makes of the gaps. */
const STATISTICS = [
  ['sum', 'sum', 'sum'],
  ['min', 'min', 'shortest'],
  ['max', 'max', 'longest'],
  ['mean', 'mean', 'mean'],
  ['std', 'stddev', 'sample standard deviation'],
  ['var', 'variance', 'sample variance'],
  ['skew', 'skewness', 'skewness g1'],
  ['kurt', 'kurtosis', 'excess kurtosis g2'],
  ['cv', 'cv', 'coefficient of variation, sample standard deviation / mean'],
  ['median', 'median', 'median'],
  ['mode', 'mode', 'most frequent value'],
] as const;

/** Times between frames, and the time a flow was idle. */
export const gapFeatures: readonly Feature[] = [
  ...DIRECTIONS.flatMap(({ prefix, words, and }) =>
    STATISTICS.map(([suffix, aggregate, which]) =>
      defineFeature({
        name: `${prefix}iat_${suffix}`,
        description: `Time from one frame to the next ${words}: ${which}.`,
        value: `${aggregate}(gap(time)${and})`,
      }),
    ),
  ),
  defineFeature({
    name: 'jitter_mean',
    description: 'Mean difference between one time from frame to frame and the next, without its sign.',
    value: 'mean(abs(gap(gap(time))))',
  }),
  defineFeature({
    name: 'idle_time',
    description: 'Sum of the times between frames that are longer than 5 s.',
    value: 'sum(gap(time), gap(time) > 5s)',
  }),
  defineFeature({
    name: 'idle_periods',
    description: 'Number of times between frames that are longer than 5 s.',
    value: 'count(gap(time) > 5s)',
  }),
  defineFeature({
    name: 'active_time',
    description: 'Duration less the times between frames that are longer than 5 s.',
    value: 'duration - sum(gap(time), gap(time) > 5s)',
  }),
  defineFeature({
    name: 'response_time',
    description: 'Time from the first frame to the first frame that goes back.',
    value: 'first(time, backward) - start',
  }),
];
