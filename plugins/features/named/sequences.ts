import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** Frames that sequences hold, and bytes of payload. */
const FRAMES = 20;
const BYTES = 64;
/** Edges of the eight bins that ipfixprobe's plugin phists has, without a unit. */
const EDGES = [16, 32, 64, 128, 256, 512, 1024];

const SEQUENCES = [
  ['frame_lens', 'Frame lengths on the wire', 'frame.len'],
  ['network_lens', 'Lengths of IP header and payload', 'network.length'],
  ['payload_lens', 'Lengths of transport payload', 'payload.length'],
  ['directions', 'Directions, true for forward,', 'forward'],
  ['gaps', 'Times since the frame before, 0 for the first,', 'default(gap(time), 0s)'],
] as const;

/** The beginning of a flow frame by frame, and histograms of what comes after. */
export const sequenceFeatures: readonly Feature[] = [
  ...SEQUENCES.map(([name, what, value]) =>
    defineFeature({
      name: `first_${name}`,
      description: `${what} of the first ${FRAMES} frames.`,
      value: `head(${value}, ${FRAMES})`,
    }),
  ),
  ...SEQUENCES.map(([name, what, value]) =>
    defineFeature({
      name: `first_data_${name}`,
      description: `${what} of the first ${FRAMES} frames with transport payload.`,
      value: `head(${value}, ${FRAMES}, payload.length > 0)`,
    }),
  ),
  ...DIRECTIONS.map(({ prefix, words, and }) =>
    defineFeature({
      name: `${prefix}payload_head`,
      description: `The first ${BYTES} bytes of transport payload ${words}, as hexadecimal digits.`,
      value: `head_bytes(payload, ${BYTES}${and})`,
    }),
  ),
  ...DIRECTIONS.flatMap(({ prefix, words, and }) => [
    defineFeature({
      name: `${prefix}payload_len_histogram`,
      description: `Frames with transport payload ${words} by its length: below 16 bytes, up to 31, 63, 127, 255, 511, 1023, and longer.`,
      value: `histogram(payload.length, {${EDGES.join(', ')}}, payload.length > 0${and})`,
    }),
    defineFeature({
      name: `${prefix}iat_histogram`,
      description: `Times between frames with transport payload ${words}: below 16 ms, 32, 64, 128, 256, 512, 1024, and longer.`,
      value: `histogram(gap(time), {${EDGES.map((edge) => `${edge}ms`).join(', ')}}, payload.length > 0${and})`,
    }),
  ]),
];
