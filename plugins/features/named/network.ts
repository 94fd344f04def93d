import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** Time to live of IPv4 or hop limit of IPv6, and fragments. */
export const networkFeatures: readonly Feature[] = [
  ...DIRECTIONS.flatMap(({ prefix, words, and }) =>
    (['min', 'max'] as const).map((aggregate) =>
      defineFeature({
        name: `${prefix}ttl_${aggregate}`,
        description: `Time to live (IPv4) or hop limit (IPv6) ${words}: ${aggregate === 'min' ? 'smallest' : 'largest'}.`,
        value: `${aggregate}(default(ip.ttl, ipv6.hlim)${and})`,
      }),
    ),
  ),
];
