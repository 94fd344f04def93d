import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** What a flow carries per second of its duration; empty for flows without duration. */
export const rateFeatures: readonly Feature[] = DIRECTIONS.flatMap(({ prefix, words, only, and }) => [
  defineFeature({
    name: `${prefix}bytes_per_second`,
    description: `Bytes on the wire ${words} per second of the flow's duration.`,
    value: `rate(frame.len${and})`,
  }),
  defineFeature({
    name: `${prefix}payload_bytes_per_second`,
    description: `Bytes of transport payload ${words} per second of the flow's duration.`,
    value: `rate(payload.length${and})`,
  }),
  defineFeature({
    name: `${prefix}frames_per_second`,
    description: `Frames ${words} per second of the flow's duration.`,
    value: `count(${only}) / duration`,
  }),
]);
