import type { Sink } from '../../../core/declare/sink.ts';
import { deliverySettings, timeoutOf } from '../../../core/deliver/delivery-options.ts';
import { prepareStore } from '../../../core/deliver/prepare.ts';
import { SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { serverOf } from './connection.ts';
import { CopyEncoder, type Times } from './copy-encoder.ts';
import { checkNames, columnTypes } from './table.ts';
import { TableTarget } from './target.ts';

/** Opens a table of PostgreSQL. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const { table: name = 'flows', schema = 'public', create = true, segmentRows = 10_000 } = options;
  const times = (options.times ?? 'timestamp') as Times;
  const timeout = timeoutOf(options);
  const types = columnTypes(columns, times);
  const table = { schema: schema as string, name: name as string, columns, types };
  checkNames(table);
  const server = await serverOf(target, options, timeout);
  const place = `${server.host}:${server.port}/${server.database}/${schema}.${name}`;
  const encoder = new CopyEncoder(columns, times);
  const parts = { server, table, encoder, create: create as boolean, timeout, name: place, context };
  const store = new TableTarget(parts);
  await prepareStore(store, context);
  const settings = { ...deliverySettings(options), rows: segmentRows as number, encoding: types.join() };
  return new SegmentWriter(store, columns, { sink: 'postgresql', target: place, ...settings }, context);
};
