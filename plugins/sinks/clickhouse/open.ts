import type { Sink } from '../../../core/declare/sink.ts';
import { deliverySettings, timeoutOf } from '../../../core/deliver/delivery-options.ts';
import { prepareStore } from '../../../core/deliver/prepare.ts';
import { SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { valueKind } from '../../../core/deliver/value-kind.ts';
import { type Addresses, RowBinaryEncoder } from './row-binary.ts';
import { serverOf } from './server.ts';
import type { Engine, Table, Times } from './table.ts';
import { TableTarget } from './target.ts';

/** Opens a table of ClickHouse. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const { table: name = 'flows', create = true, segmentRows = 10_000 } = options;
  const { engine = 'auto', times = 'timestamp', addresses = 'text' } = options;
  const server = await serverOf(target, options, timeoutOf(options));
  const place = `${server.place}/${server.database}.${name}`;
  const table: Table = {
    database: server.database,
    name: name as string,
    columns,
    times: times as Times,
    addresses: addresses as Addresses,
    engine: engine as Engine,
    create: create as boolean,
  };
  const encoder = new RowBinaryEncoder(columns, addresses as Addresses);
  const store = new TableTarget({ server, table, encoder, name: place, context });
  await prepareStore(store, context);
  const encoding = `${addresses} ${columns.map(valueKind)}`;
  const settings = { ...deliverySettings(options), rows: segmentRows as number, encoding };
  return new SegmentWriter(store, columns, { sink: 'clickhouse', target: place, ...settings }, context);
};
