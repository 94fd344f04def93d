import type { Sink } from '../../../core/declare/sink.ts';
import { type ArrowLayout, loadArrow } from '../../../core/output/arrow-encoder.ts';
import { openOutput } from '../../../core/output/output-file.ts';
import { openRotating } from '../../../core/output/rotation.ts';
import { RowFile } from '../../../core/output/row-file.ts';

/** Opens Arrow IPC files or a stream. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const { form, batchRows = 8192 } = options;
  const encoder = await loadArrow('arrow');
  return openRotating({ sink: 'arrow', target, columns, options, context }, async (path) => {
    const output = await openOutput({ sink: 'arrow', target: path, binary: true, stop: () => context.stop() });
    const streamed = output.live || target.endsWith('.arrows');
    const layout = {
      form: (form as ArrowLayout['form'] | undefined) ?? (streamed ? 'stream' : 'file'),
      rows: batchRows as number,
      metadata: new Map([['packetloom.configuration', context.configuration]]),
      report: (line: string) => context.report(line),
    };
    return new RowFile(encoder(columns, layout), output, 0);
  });
};
