import type { Feature, Preset } from '../../core/declare/feature.ts';
import { bulkFeatures } from './named/bulks.ts';
import { connectionFeatures } from './named/connection-state.ts';
import { flowFeatures } from './named/flow.ts';
import { gapFeatures } from './named/gaps.ts';
import { lengthFeatures } from './named/lengths.ts';
import { networkFeatures } from './named/network.ts';
import { periodFeatures } from './named/periods.ts';
import { placeFeatures } from './named/places.ts';
import { rateFeatures } from './named/rates.ts';
import { ratioFeatures } from './named/ratios.ts';
import { sequenceFeatures } from './named/sequences.ts';
import { tcpFeatures } from './named/tcp.ts';
import { tcpQualityFeatures } from './named/tcp-quality.ts';
import { volumeFeatures } from './named/volume.ts';
import { windowFeatures } from './named/windows.ts';
import { basic } from './presets/basic.ts';
import { caia } from './presets/caia.ts';
import { cicflowmeter, cicflowmeter2017 } from './presets/cicflowmeter.ts';
import { ipfix } from './presets/ipfix.ts';
import { netflowV9 } from './presets/netflow-v9.ts';
import { nettisa } from './presets/nettisa.ts';
import { nfstream } from './presets/nfstream.ts';
import { statistical } from './presets/statistical.ts';
import { zeekConn } from './presets/zeek-conn.ts';

export { aggregates } from './aggregates/index.ts';
export { analyses } from './analyses/index.ts';

/** Every named feature that comes with packetloom. */
export const features: readonly Feature[] = [
  ...flowFeatures,
  ...volumeFeatures,
  ...lengthFeatures,
  ...gapFeatures,
  ...tcpFeatures,
  ...tcpQualityFeatures,
  ...connectionFeatures,
  ...networkFeatures,
  ...rateFeatures,
  ...ratioFeatures,
  ...periodFeatures,
  ...bulkFeatures,
  ...sequenceFeatures,
  ...windowFeatures,
  ...placeFeatures,
];

/** Every preset that comes with packetloom. */
export const presets: readonly Preset[] = [
  basic,
  statistical,
  nfstream,
  cicflowmeter,
  cicflowmeter2017,
  caia,
  nettisa,
  zeekConn,
  netflowV9,
  ipfix,
];
