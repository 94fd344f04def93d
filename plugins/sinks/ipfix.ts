import { defineSink } from '../../core/declare/sink.ts';
import { serverProperties } from '../../core/deliver/delivery-options.ts';
import { rotationProperties } from '../../core/output/rotation.ts';
import { DURATION_PATTERN } from '../../core/run/duration.ts';

/** IP Flow Information Export, RFC 7011, with biflows (RFC 5103): to a collector over TCP or UDP, or a file (RFC 5655). */
export const ipfix = defineSink({
  name: 'ipfix',
  description: 'IPFIX (RFC 7011) with biflows (RFC 5103): a collector over TCP or UDP, or a file (RFC 5655)',
  extensions: ['.ipfix'],
  schemes: ['ipfix+tcp', 'ipfix+udp'],
  options: {
    type: 'object',
    properties: {
      domain: {
        type: 'integer',
        minimum: 0,
        maximum: 4_294_967_295,
        default: 1,
        description: 'Observation domain id: tells this meter from others of the same host',
      },
      times: {
        type: 'string',
        enum: ['both', 'nanoseconds', 'milliseconds'],
        default: 'both',
        description: 'Elements for start and end: many collectors know the milliseconds only, which cut digits',
      },
      enterprise: {
        type: 'integer',
        minimum: 1,
        maximum: 4_294_967_295,
        description: 'Your private enterprise number: columns without an information element are exported under it',
      },
      templateRefresh: {
        type: 'string',
        pattern: DURATION_PATTERN,
        default: '10m',
        description: 'Over UDP: how often templates are sent again',
      },
      mtu: {
        type: 'integer',
        minimum: 512,
        maximum: 65_507,
        default: 1400,
        description: 'Over UDP: most bytes of a message',
      },
      rate: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        default: 5000,
        description: 'Over UDP: most messages a second, as collectors drop what comes faster than they read',
      },
      ...rotationProperties,
      ...serverProperties,
      timeout: {
        ...serverProperties.timeout,
        default: '10s',
        description: 'Over TCP: how long a connection may take, or a collector to take what is sent',
      },
      segmentRows: {
        ...serverProperties.segmentRows,
        default: 512,
        description:
          'Rows that are sent together, and again together after a fault; a live run sends fewer where few come',
      },
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./ipfix/open.ts')).open(...given),
});
