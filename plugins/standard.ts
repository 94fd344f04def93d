import { definePlugin } from '../core/declare/plugin.ts';
import { dissectors } from '../dissectors/index.ts';
import { aggregates, features, presets } from './features/index.ts';
import { sinks } from './sinks/index.ts';
import { sources } from './sources/index.ts';

/** Everything that comes with packetloom. */
export const standard = definePlugin({ name: 'packetloom', dissectors, aggregates, features, presets, sources, sinks });
