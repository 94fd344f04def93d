import { definePlugin } from '../core/declare/plugin.ts';
import { carriers } from '../dissectors/carriers.ts';
import { aggregates, analyses, features, presets } from './features/index.ts';
import { sinks } from './sinks/index.ts';
import { sources } from './sources/index.ts';

/**
 * What comes with packetloom less the dissectors of applications, which take 50 ms to load: enough for a run in which
 * nobody names a field, as the presets' own features ask for none of theirs.
 */
export const carrying = definePlugin({
  name: 'packetloom',
  dissectors: carriers,
  aggregates,
  analyses,
  features,
  presets,
  sources,
  sinks,
});
