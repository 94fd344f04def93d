/**
 * A feature written as code: how often the direction changes within a flow, a measure of how much the two ends talk in
 * turns. State is a few numbers per flow; nothing grows with the number of frames.
 *
 *     packetloom flows capture.pcap --plugin examples/turns-feature.ts --feature turns
 */
import { defineFeature, definePlugin } from 'packetloom/plugin';

const turns = defineFeature({
  name: 'turns',
  description: 'Changes of direction within the flow, over all its frames',
  inputs: ['forward'],
  // The direction of the last frame (-1 before the first), and the count.
  slots: [-1, 0],
  update(slots, at, forward) {
    if (slots[at] !== -1 && slots[at] !== forward) slots[at + 1]! += 1;
    slots[at] = forward;
  },
  finish: (slots, at) => slots[at + 1]!,
});

export default definePlugin({ name: 'turns-feature', features: [turns] });
