import { defineSink } from '../../core/declare/sink.ts';
import { rotationProperties } from '../../core/output/rotation.ts';

/** Apache Parquet, by hyparquet-writer. */
export const parquet = defineSink({
  name: 'parquet',
  description: 'Apache Parquet: typed, compressed columns, for DuckDB, pandas, polars, Spark and the like',
  extensions: ['.parquet'],
  offThread: true,
  options: {
    type: 'object',
    properties: {
      compression: {
        enum: ['snappy', 'gzip', 'zstd', 'none'],
        default: 'snappy',
        description: 'How pages are compressed; zstd needs Node 22.15 or later',
      },
      rowGroupRows: {
        type: 'integer',
        minimum: 1024,
        maximum: 1_048_576,
        default: 65_536,
        description: 'Rows of a row group at most: so many are in memory',
      },
      ...rotationProperties,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./parquet/open.ts')).open(...given),
});
