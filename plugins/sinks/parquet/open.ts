import type { Sink } from '../../../core/declare/sink.ts';
import { openOutput } from '../../../core/output/output-file.ts';
import { openRotating } from '../../../core/output/rotation.ts';
import { RowFile } from '../../../core/output/row-file.ts';
import { type Compression, codecOf } from './compression.ts';
import { loadParquet } from './encoder.ts';

/** Opens Parquet files. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const { compression = 'snappy', rowGroupRows = 65_536 } = options;
  const codec = codecOf(compression as Compression);
  const encoder = await loadParquet();
  const layout = {
    ...codec,
    rows: rowGroupRows as number,
    configuration: context.configuration,
    report: (line: string) => context.report(line),
  };
  return openRotating({ sink: 'parquet', target, columns, options, context }, async (path) => {
    const output = await openOutput({ sink: 'parquet', target: path, binary: true, stop: () => context.stop() });
    return new RowFile(encoder(columns, layout), output, 0);
  });
};
