import type { FlowRun } from '../run/flow-run.ts';
import { runFlows } from '../run/pipeline.ts';
import { FrameFlows } from './frame-flows.ts';

/** Runs the meter over captures for nothing but the flow of each frame, with everything that decides it. */
export async function meterFrames(run: Omit<FlowRun, 'features' | 'open' | 'watch'>): Promise<FrameFlows> {
  const flows = new FrameFlows(run.additions?.anonymizer);
  await runFlows({ ...run, features: [], additions: undefined, watch: flows, open: async () => [] });
  return flows;
}
