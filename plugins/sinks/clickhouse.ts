import { defineSink } from '../../core/declare/sink.ts';
import { serverProperties } from '../../core/deliver/delivery-options.ts';
import { SECRET } from '../../core/output/secret.ts';

/** A table of ClickHouse, by RowBinary over HTTP; tokens of insertions keep rows from being there twice. */
export const clickhouse = defineSink({
  name: 'clickhouse',
  description: 'A table of a ClickHouse server, over HTTP, made where it is not there',
  schemes: ['clickhouse', 'clickhouses'],
  offThread: true,
  options: {
    type: 'object',
    properties: {
      table: { type: 'string', pattern: '.', default: 'flows', description: 'Name of the table' },
      create: { type: 'boolean', default: true, description: 'Make the table where there is none of that name' },
      engine: {
        enum: ['auto', 'MergeTree', 'ReplacingMergeTree'],
        default: 'auto',
        description:
          'Engine of a table that is made: MergeTree, or ReplacingMergeTree by flow_id and segment; auto is MergeTree where the server knows repeated insertions by their token',
      },
      times: {
        enum: ['timestamp', 'nanoseconds'],
        default: 'timestamp',
        description: "Times as DateTime64(9, 'UTC'), or as Int64 nanoseconds since 1970",
      },
      addresses: {
        enum: ['text', 'ipv6'],
        default: 'text',
        description: 'Addresses as text, or as IPv6 with IPv4 mapped into it (::ffff:10.0.0.1)',
      },
      password: { type: 'string', pattern: '.', description: `Password: ${SECRET}; else CLICKHOUSE_PASSWORD` },
      ca: { type: 'string', pattern: '.', description: 'File with the certificates to trust (PEM)' },
      ...serverProperties,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./clickhouse/open.ts')).open(...given),
});
