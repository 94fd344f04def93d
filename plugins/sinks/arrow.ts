import { defineSink } from '../../core/declare/sink.ts';
import { rotationProperties } from '../../core/output/rotation.ts';

/**
 * Apache Arrow IPC, file and stream (the formats of `.arrow`, also known as Feather 2, and `.arrows`). Not in a thread of
 * its own: to hand rows to one costs as much as to encode them.
 */
export const arrow = defineSink({
  name: 'arrow',
  description:
    'Apache Arrow IPC file (.arrow, .feather) or stream (.arrows, pipes), typed, for pandas, polars and the like',
  extensions: ['.arrow', '.arrows', '.feather'],
  options: {
    type: 'object',
    properties: {
      form: {
        enum: ['file', 'stream'],
        description: 'IPC file or stream; a stream where the file name ends in .arrows, for standard output and pipes',
      },
      batchRows: {
        type: 'integer',
        minimum: 64,
        maximum: 1_048_576,
        default: 8192,
        description: 'Rows of a record batch at most',
      },
      ...rotationProperties,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./arrow/open.ts')).open(...given),
});
