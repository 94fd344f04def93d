import type { Aggregate } from '../../../core/declare/aggregate.ts';
import { bitOr } from './bits.ts';
import { headBytes } from './bytes.ts';
import { all, any, count } from './counts.ts';
import { meanDeviation } from './deviation.ts';
import { distinct, entropy, histogram, mode } from './distributions.ts';
import { max, min, range } from './extremes.ts';
import {
  cv,
  meanAggregate,
  rate,
  rms,
  stddev,
  stddevPopulation,
  sum,
  variance,
  variancePopulation,
} from './moments.ts';
import { periodAggregates } from './periods.ts';
import { first, head, last, nth } from './positions.ts';
import { median, quantile } from './quantiles.ts';
import { runningMean, runningStddev } from './running.ts';
import { sequence } from './sequences.ts';
import { kurtosis, skewness } from './shape.ts';

/** Every aggregate that comes with packetloom. */
export const aggregates: readonly Aggregate[] = [
  count,
  sum,
  meanAggregate,
  min,
  max,
  range,
  first,
  last,
  nth,
  variance,
  variancePopulation,
  stddev,
  stddevPopulation,
  cv,
  skewness,
  kurtosis,
  rms,
  median,
  quantile,
  mode,
  distinct,
  entropy,
  histogram,
  head,
  any,
  all,
  rate,
  meanDeviation,
  bitOr,
  headBytes,
  runningMean,
  runningStddev,
  sequence,
  ...periodAggregates,
];
