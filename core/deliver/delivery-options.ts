import { DURATION_PATTERN, parseDuration } from '../run/duration.ts';
import { parseSize, SIZE_PATTERN } from '../run/size.ts';

/** JSON Schema of the options that all sinks with deliveries have; to be spread into the `properties` of a sink. */
export const deliveryProperties = {
  retry: {
    type: 'string',
    pattern: DURATION_PATTERN,
    default: '60s',
    description: 'How long a delivery that fails is tried again before the output ends (30s, 5m)',
  },
  spool: {
    type: 'string',
    pattern: '.',
    description:
      'Folder for rows that cannot be delivered: they go out when the target is back, with this run or the next',
  },
  spoolSize: {
    type: 'string',
    pattern: SIZE_PATTERN,
    default: '1GiB',
    description: 'Most bytes in the spool; past that the output ends',
  },
} as const;

/** The same, understood. */
export interface DeliverySettings {
  readonly retryMilliseconds: number;
  readonly spool: string | undefined;
  readonly spoolBytes: number;
}

/** Reads the options of {@link deliveryProperties}, which have been validated and defaulted. */
export function deliverySettings({ retry = '60s', spool, spoolSize = '1GiB' }: Readonly<Record<string, unknown>>) {
  return {
    retryMilliseconds: (parseDuration(retry as string) ?? 0) / 1e6,
    spool: spool as string | undefined,
    spoolBytes: parseSize(spoolSize as string) ?? 0,
  } satisfies DeliverySettings;
}
