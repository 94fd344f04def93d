import type { Feature, Preset } from '../../core/declare/feature.ts';
import { flowFeatures } from './named/flow.ts';
import { gapFeatures } from './named/gaps.ts';
import { lengthFeatures } from './named/lengths.ts';
import { networkFeatures } from './named/network.ts';
import { rateFeatures } from './named/rates.ts';
import { ratioFeatures } from './named/ratios.ts';
import { tcpFeatures } from './named/tcp.ts';
import { volumeFeatures } from './named/volume.ts';
import { basic } from './presets/basic.ts';
import { statistical } from './presets/statistical.ts';

export { aggregates } from './aggregates/index.ts';

/** Every named feature that comes with packetloom. */
export const features: readonly Feature[] = [
  ...flowFeatures,
  ...volumeFeatures,
  ...lengthFeatures,
  ...gapFeatures,
  ...tcpFeatures,
  ...networkFeatures,
  ...rateFeatures,
  ...ratioFeatures,
];

/** Every preset that comes with packetloom. */
export const presets: readonly Preset[] = [basic, statistical];
