import type { SinkContext } from '../declare/sink.ts';
import type { Column, RowBatch } from '../flow/rows.ts';
import { loadArrow } from '../output/arrow-encoder.ts';
import { csvFormat } from '../output/csv-format.ts';
import { jsonLinesFormat } from '../output/json-lines-format.ts';
import { RowEncoder, type RowFormat } from '../output/row-encoder.ts';
import type { MessageSettings } from './message-options.ts';
import type { MessageEncoder } from './messages.ts';

/** Rows as text, straight from the columns. A row that alone is larger than `bytes` has a message of its own. */
function textEncoder(
  columns: readonly Column[],
  layout: RowFormat,
  { rows, bytes }: MessageSettings,
  { precision, formatNumber }: SinkContext,
): MessageEncoder {
  const encoder = new RowEncoder(columns, layout, precision === 'full' ? formatNumber : undefined, bytes);
  return (batch, put) => {
    for (let first = 0; first < batch.count; ) {
      encoder.encode(batch, first, Math.min(batch.count, first + rows));
      const chunk = encoder.take();
      // The last row may be one too many: it begins the next message.
      const fitting = Math.max(1, chunk.rowsWithin(bytes));
      put(fitting, chunk.bytes.subarray(0, chunk.rowEnds[fitting - 1]));
      first += fitting;
    }
  };
}

/** Rows as an Arrow IPC stream of one record batch, in messages of their own. */
async function arrowEncoder(
  columns: readonly Column[],
  { rows, bytes }: MessageSettings,
  sink: string,
  context: SinkContext,
): Promise<MessageEncoder> {
  const metadata = new Map([['packetloom.configuration', context.configuration]]);
  const report = (line: string) => context.report(line);
  const encoder = (await loadArrow(sink))(columns, { form: 'stream', rows, metadata, report });
  let begun = true;
  const encode = (batch: RowBatch, first: number, to: number): Uint8Array => {
    if (!begun) encoder.restart();
    begun = false;
    encoder.encode(batch, first, to);
    encoder.end();
    const chunk = encoder.take();
    return chunk.bytes.subarray(0, chunk.length);
  };
  return (batch, put) => {
    for (let first = 0, most = rows; first < batch.count; ) {
      const to = Math.min(batch.count, first + most);
      const body = encode(batch, first, to);
      // How large it is shows behind only: fewer rows, if that can help.
      most = Math.max(1, Math.floor((to - first) / 2));
      if (body.length > bytes && to - first > 1) continue;
      put(to - first, body);
      first = to;
      most = rows;
    }
  };
}

/** Makes what turns rows into messages of the chosen format. */
export async function messageEncoder(
  columns: readonly Column[],
  settings: MessageSettings,
  sink: string,
  context: SinkContext,
): Promise<MessageEncoder> {
  if (settings.format === 'arrow') return arrowEncoder(columns, settings, sink, context);
  const names = columns.map(({ name }) => name);
  const layout = settings.format === 'csv' ? csvFormat('', columns.length, ',') : jsonLinesFormat(names);
  return textEncoder(columns, layout, settings, context);
}
