import type { Registry } from '../declare/registry.ts';
import { LinkAddresses } from './link-addresses.ts';
import type { FlowSettings } from './settings.ts';
import type { StageOptions } from './stage.ts';

/** What stage 1 does for settings of the meter. */
export const stageOptions = (registry: Registry, { tunnels, maxFragments, nonIp }: FlowSettings): StageOptions => ({
  tunnels,
  fragments: maxFragments > 0,
  link: nonIp ? new LinkAddresses(registry) : undefined,
});
