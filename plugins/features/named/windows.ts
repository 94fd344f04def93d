import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** Beginning of the features' names, condition, and the words for it. */
const WINDOWS = [
  ['early7', 'index < 7', 'Among the first 7 frames of the flow'],
  ['early10s', 'time - start < 10s', 'In the first 10 s of the flow'],
] as const;

/** What a flow did at its beginning: by frames and by time. */
export const windowFeatures: readonly Feature[] = WINDOWS.flatMap(([name, condition, words]) => [
  ...DIRECTIONS.flatMap(({ prefix, words: way, and }) => [
    defineFeature({
      name: `${prefix}${name}_frames`,
      description: `${words}: frames ${way}.`,
      value: `count(${condition}${and})`,
    }),
    defineFeature({
      name: `${prefix}${name}_bytes`,
      description: `${words}: bytes on the wire ${way}.`,
      value: `sum(frame.len, ${condition}${and})`,
    }),
    defineFeature({
      name: `${prefix}${name}_payload_bytes`,
      description: `${words}: bytes of transport payload ${way}.`,
      value: `sum(payload.length, ${condition}${and})`,
    }),
  ]),
  defineFeature({
    name: `${name}_duration`,
    description: `${words}: time from the first to the last frame.`,
    value: `last(time, ${condition}) - start`,
  }),
]);
