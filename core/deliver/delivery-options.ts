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

/** The same, for sinks that speak with a server. */
export const serverProperties = {
  ...deliveryProperties,
  timeout: {
    type: 'string',
    pattern: DURATION_PATTERN,
    default: '30s',
    description: 'How long a connection or an answer may take before the delivery counts as failed',
  },
  segmentRows: {
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'Rows that are delivered as one, all or none; a live run sends fewer where few come',
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

/** Milliseconds of `timeout` in {@link serverProperties}. */
export function timeoutOf({ timeout = '30s' }: Readonly<Record<string, unknown>>): number {
  return Math.max(1, (parseDuration(timeout as string) ?? 0) / 1e6);
}
