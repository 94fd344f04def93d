import { type Layer, valueLayer } from '../core/run/configuration.ts';
import type { FlowsOptions } from './declare-flows.ts';

/** How late the frames of one interface may come behind those of another, where nobody says otherwise. */
const WINDOW = '1s';

/**
 * What stands under a configuration when interfaces are merged: a window in which their frames are put in order of time.
 * Files need none, as what comes next in each is known.
 */
export function mergeLayer({ merge, interface: interfaces }: Pick<FlowsOptions, 'merge' | 'interface'>): Layer[] {
  if (merge !== true || interfaces === undefined) return [];
  return [valueLayer({ flow: { reorder: WINDOW } }, process.cwd(), () => '--merge')];
}
