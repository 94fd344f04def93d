import { type Analysis, defineAnalysis } from '../../../core/declare/analysis.ts';

/** How old the flow of a frame is, over all its segments. */
export const connectionAnalysis: Analysis = defineAnalysis({
  name: 'connection',
  description: 'The age of a flow at each of its frames, which the cuts of the active timeout do not begin anew.',
  memory: 'One time: 8 bytes per flow.',
  inputs: ['time'],
  values: [
    {
      name: 'connection.age',
      description: 'Time since the first frame of the flow, that of its first segment.',
      type: 'duration',
    },
  ],
  // Time of the first frame; NaN before it.
  slots: [Number.NaN],
  times: [0],
  update(_state, inputs, out, _forward, slots, at) {
    const time = inputs[0]!;
    if (slots[at] !== slots[at]) slots[at] = time;
    out[0] = time - slots[at]!;
  },
});
