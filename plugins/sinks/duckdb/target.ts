import type { DuckDBConnection } from '@duckdb/node-api';
import type { SinkContext } from '../../../core/declare/sink.ts';
import type { Segment, SegmentTarget } from '../../../core/deliver/segment-writer.ts';
import type { PacketloomError } from '../../../core/errors.ts';
import type { Column, RowBatch } from '../../../core/flow/rows.ts';
import { outputError } from '../../../core/output/output.ts';
import { storedType } from '../../../core/output/typed-column.ts';
import { ChunkReader } from './append.ts';
import type { DuckDb } from './bindings.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { LEDGER, prepareTable } from './table.ts';

/** What a table is given. */
export interface TableParts {
  readonly duckDb: DuckDb;
  readonly path: string;
  readonly table: string;
  readonly columns: readonly Column[];
  readonly addColumns: boolean;
  readonly context: SinkContext;
}

/** Databases that outputs of this process have. */
const inUse = new Set<string>();

type Raw = Parameters<ChunkReader['append']>[0];

/** What does not change by being tried again. */
const LASTING =
  /not a valid DuckDB database|No such file or directory|Is a directory|Permission denied|Not a directory|read versions between|read-only/i;

/** What DuckDB says, on one line, without its advice. */
function textOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  const [, program, id] = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(text) ?? [];
  if (id !== undefined) return `the database is open in another process (${program}, process ${id})`;
  return text.replace(/ See also https?:\S+/, '');
}

/**
 * A table of a DuckDB file that takes each segment in one transaction, together with its line in the ledger. The file is
 * open only as long as that takes: others can use it in between.
 */
export class TableTarget implements SegmentTarget {
  readonly #parts: TableParts;
  readonly #encoder: ChunkEncoder;
  #skipped = 0;

  /** @throws PacketloomError `sink` when another output of this process has the database */
  constructor(parts: TableParts) {
    this.#parts = parts;
    // DuckDB would not notice: its lock is one of processes.
    if (inUse.has(parts.path)) throw this.#error('another output goes to the same file');
    inUse.add(parts.path);
    this.#encoder = new ChunkEncoder(parts.columns, (line) => parts.context.report(line));
  }

  encode(rows: RowBatch): Uint8Array {
    return this.#encoder.encode(rows);
  }

  /** Makes the table, or looks whether rows fit it. */
  prepare(): Promise<void> {
    return this.#inTransaction(async () => {});
  }

  deliver(payload: Uint8Array, { id, rows }: Segment): Promise<void> {
    const { duckDb, table, columns, context } = this.#parts;
    return this.#inTransaction(async (connection, raw, places) => {
      const known = `SELECT 1 FROM ${LEDGER} WHERE lower(table_name) = lower($1) AND id = $2`;
      if ((await connection.runAndReadAll(known, [table, id])).currentRowCount > 0) {
        this.#skipped += rows;
        return;
      }
      new ChunkReader(duckDb.bindings, columns.map(storedType), payload).append(raw, table, places);
      await connection.run(`INSERT INTO ${LEDGER} VALUES ($1, $2, $3, $4, now()::TIMESTAMP)`, [
        table,
        id,
        BigInt(rows),
        context.configuration,
      ]);
    });
  }

  async #inTransaction(
    act: (connection: DuckDBConnection, raw: Raw, places: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const { duckDb, path, table, columns, addColumns } = this.#parts;
    const { api, bindings } = duckDb;
    try {
      const config = bindings.create_config();
      // More only take the processor from the meter: rows come one chunk after the other.
      bindings.set_config(config, 'threads', '1');
      const database = await bindings.open(path, config);
      try {
        const raw = await bindings.connect(database);
        const connection = new api.DuckDBConnection(raw);
        try {
          await connection.run('BEGIN');
          const places = await prepareTable(connection, table, columns, addColumns);
          if (typeof places === 'string') throw this.#error(places);
          await act(connection, raw, places);
          await connection.run('COMMIT');
        } finally {
          // What was not committed is rolled back.
          connection.disconnectSync();
        }
      } finally {
        bindings.close_sync(database);
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'PacketloomError') throw error;
      const text = textOf(error);
      throw LASTING.test(text) ? this.#error(text) : new Error(text, { cause: error });
    }
  }

  #error(text: string): PacketloomError {
    return outputError({ sink: 'duckdb', target: this.#parts.path, stop: () => {} }, text);
  }

  async close(): Promise<void> {
    inUse.delete(this.#parts.path);
    if (this.#skipped === 0) return;
    this.#parts.context.report(`${this.#skipped} rows were in the table already, from an earlier run`);
  }
}
