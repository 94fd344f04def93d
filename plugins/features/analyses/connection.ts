import { type Analysis, defineAnalysis } from '../../../core/declare/analysis.ts';

interface State {
  /** Time of the first frame; NaN before it. */
  first: number;
}

/** How old the flow of a frame is, over all its segments. */
export const connectionAnalysis: Analysis = defineAnalysis<State>({
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
  create: () => ({ first: Number.NaN }),
  update(state, inputs, out) {
    const time = inputs[0]!;
    if (state.first !== state.first) state.first = time;
    out[0] = time - state.first;
  },
  shift(state, delta) {
    state.first += delta;
  },
});
