import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** What stands to what; empty where the second is 0. */
export const ratioFeatures: readonly Feature[] = [
  defineFeature({
    name: 'bytes_ratio',
    description: 'Bytes on the wire backward / forward.',
    value: 'sum(frame.len, backward) / sum(frame.len, forward)',
  }),
  defineFeature({
    name: 'frames_ratio',
    description: 'Frames backward / forward.',
    value: 'count(backward) / count(forward)',
  }),
  defineFeature({
    name: 'payload_share',
    description: 'Bytes of transport payload / bytes on the wire.',
    value: 'sum(payload.length) / sum(frame.len)',
  }),
];
