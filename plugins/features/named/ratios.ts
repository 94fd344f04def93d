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
  defineFeature({
    name: 'producer_consumer_ratio',
    description:
      'Payload forward less payload backward, by payload in both directions: from 1 (all forward) to -1 (Argus).',
    value:
      '(sum(payload.length, forward) - sum(payload.length, backward)) / (sum(payload.length, forward) + sum(payload.length, backward))',
  }),
  defineFeature({
    name: 'direction_changes',
    description: 'Number of frames that go the other way than the frame before.',
    value: 'count(changed(forward))',
  }),
];
