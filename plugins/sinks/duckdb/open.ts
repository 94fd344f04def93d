import { access, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Sink } from '../../../core/declare/sink.ts';
import { deliverySettings } from '../../../core/deliver/delivery-options.ts';
import { prepareStore } from '../../../core/deliver/prepare.ts';
import { SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { outputError } from '../../../core/output/output.ts';
import { storedType } from '../../../core/output/typed-column.ts';
import { parseDuration } from '../../../core/run/duration.ts';
import { loadDuckDb } from './bindings.ts';
import { checkNames } from './table.ts';
import { TableTarget } from './target.ts';

/** Opens a table of a DuckDB file. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const { table = 'flows', addColumns = false, segmentRows = 122_880, wait = '1s' } = options;
  checkNames(columns);
  const path = await fileOf(target);
  const duckDb = await loadDuckDb();
  const parts = { duckDb, path, table: table as string, columns, addColumns: addColumns as boolean, context };
  const store = new TableTarget(parts);
  await prepareStore(store, context);
  const place = `${target} (table ${table})`;
  const patience = (parseDuration(wait as string) ?? 0) / 1e6;
  const encoding = columns.map(storedType).join();
  const settings = { ...deliverySettings(options), rows: segmentRows as number, encoding, patience };
  return new SegmentWriter(store, columns, { sink: 'duckdb', target: place, ...settings }, context);
};

/**
 * The database's file, which need not be there yet.
 * @throws PacketloomError `sink` for what can be none
 */
async function fileOf(target: string): Promise<string> {
  const fail = (why: unknown) => outputError({ sink: 'duckdb', target, stop: () => {} }, why);
  if (target === '-' || target === '') throw fail('a database is a file: name one');
  const found = await stat(target).catch(() => undefined);
  if (found?.isFile()) return realpath(target);
  if (found !== undefined) throw fail('this is no file');
  await access(dirname(resolve(target))).catch((error: unknown) => {
    throw fail(error);
  });
  return resolve(target);
}
