import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

const first = (name: string, description: string, value: string): Feature =>
  defineFeature({ name, description: `${description} of the first frame.`, value: `first(${value})` });

const STATISTICS = [
  ['min', 'min', 'smallest'],
  ['max', 'max', 'largest'],
  ['mean', 'mean', 'mean'],
  ['std', 'stddev', 'sample standard deviation'],
] as const;

/** Headers of the link and network layers: those of the first frame, and time to live or hop limit. */
export const networkFeatures: readonly Feature[] = [
  first('src_mac', 'Link address of the sender', 'eth.src'),
  first('dst_mac', 'Link address of the receiver', 'eth.dst'),
  first('vlan_id', 'VLAN id (IEEE 802.1Q, innermost)', 'vlan.id'),
  first('ip_version', 'IP version', 'ip.version'),
  first(
    'traffic_class',
    'Type of service (IPv4) or traffic class (IPv6), all 8 bits,',
    'default(ip.dsfield, ipv6.tclass)',
  ),
  ...DIRECTIONS.flatMap(({ prefix, words, and }) =>
    STATISTICS.map(([suffix, aggregate, which]) =>
      defineFeature({
        name: `${prefix}ttl_${suffix}`,
        description: `Time to live (IPv4) or hop limit (IPv6) ${words}: ${which}.`,
        value: `${aggregate}(default(ip.ttl, ipv6.hlim)${and})`,
      }),
    ),
  ),
];
