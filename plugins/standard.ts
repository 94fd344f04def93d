import { definePlugin } from '../core/declare/plugin.ts';
import { dissectors } from '../dissectors/index.ts';
import { aggregates, analyses, features, presets } from './features/index.ts';
import { sinks } from './sinks/index.ts';
import { sources } from './sources/index.ts';

/** Everything that comes with packetloom. */
export const standard = definePlugin({
  name: 'packetloom',
  dissectors,
  aggregates,
  analyses,
  features,
  presets,
  sources,
  sinks,
});
