import { defineSink } from '../../core/declare/sink.ts';
import { deliveryProperties } from '../../core/deliver/delivery-options.ts';
import { DURATION_PATTERN } from '../../core/run/duration.ts';

/** A table of a DuckDB file; a ledger of segments keeps rows from being there twice. */
export const duckdb = defineSink({
  name: 'duckdb',
  description: 'A table of a DuckDB file, made where it is not there; a run repeated adds no row twice',
  extensions: ['.duckdb'],
  offThread: true,
  options: {
    type: 'object',
    properties: {
      table: { type: 'string', pattern: '.', default: 'flows', description: 'Name of the table' },
      addColumns: {
        type: 'boolean',
        default: false,
        description: 'Add columns that the table lacks; what the rows do not have stays empty',
      },
      segmentRows: {
        type: 'integer',
        minimum: 1024,
        maximum: 1_228_800,
        default: 122_880,
        description: 'Rows of a transaction, in memory until then; a live run writes fewer where few come',
      },
      wait: {
        type: 'string',
        pattern: DURATION_PATTERN,
        default: '1s',
        description: 'Live: how long rows wait for others, so that they are written together',
      },
      ...deliveryProperties,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./duckdb/open.ts')).open(...given),
});
