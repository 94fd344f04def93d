import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** What is measured: the beginning of the features' names, the value, and what it is. */
const LENGTHS = [
  ['len', 'frame.len', 'Frame length on the wire'],
  ['network_len', 'network.length', 'Length of IP header and payload'],
  ['payload_len', 'payload.length', 'Length of transport payload'],
  ['transport_header_len', 'transport.length - payload.length', 'Length of transport header'],
] as const;

/** End of the features' names, aggregate, and what it makes of the lengths. */
const STATISTICS = [
  ['min', 'min', 'smallest'],
  ['max', 'max', 'largest'],
  ['mean', 'mean', 'mean'],
  ['std', 'stddev', 'sample standard deviation'],
  ['var', 'variance', 'sample variance'],
  ['skew', 'skewness', 'skewness g1'],
  ['kurt', 'kurtosis', 'excess kurtosis g2'],
  ['cv', 'cv', 'coefficient of variation, sample standard deviation / mean'],
  ['median', 'median', 'median'],
  ['mode', 'mode', 'most frequent value'],
] as const;

/** Statistics of lengths, in total and by direction. */
export const lengthFeatures: readonly Feature[] = LENGTHS.flatMap(([name, value, what]) =>
  DIRECTIONS.flatMap(({ prefix, words, and }) =>
    STATISTICS.map(([suffix, aggregate, which]) =>
      defineFeature({
        name: `${prefix}${name}_${suffix}`,
        description: `${what} ${words}: ${which}.`,
        value: `${aggregate}(${value}${and})`,
      }),
    ),
  ),
);
