import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** Frames and bytes, in total and by direction. */
export const volumeFeatures: readonly Feature[] = DIRECTIONS.flatMap(({ prefix, words, only, and }) => [
  defineFeature({ name: `${prefix}frames`, description: `Frames ${words}.`, value: `count(${only})` }),
  defineFeature({
    name: `${prefix}bytes`,
    description: `Bytes on the wire (frame.len) ${words}.`,
    value: `sum(frame.len${and})`,
  }),
  defineFeature({
    name: `${prefix}network_bytes`,
    description: `Bytes of IP headers and payloads ${words}.`,
    value: `sum(network.length${and})`,
  }),
  defineFeature({
    name: `${prefix}payload_bytes`,
    description: `Bytes of transport payload ${words}; frames whose transport header was not captured take no part.`,
    value: `sum(payload.length${and})`,
  }),
  defineFeature({
    name: `${prefix}header_bytes`,
    description: `Bytes of network and transport headers ${words}.`,
    value: `sum(network.length - payload.length${and})`,
  }),
  defineFeature({
    name: `${prefix}transport_header_bytes`,
    description: `Bytes of transport headers ${words}; frames whose transport header was not captured take no part.`,
    value: `sum(transport.length - payload.length${and})`,
  }),
  defineFeature({
    name: `${prefix}data_frames`,
    description: `Frames with transport payload ${words}.`,
    value: `count(payload.length > 0${and})`,
  }),
]);
