import type { SinkContext } from '../../../core/declare/sink.ts';
import type { Segment, SegmentTarget } from '../../../core/deliver/segment-writer.ts';
import type { RowBatch } from '../../../core/flow/rows.ts';
import { outputError } from '../../../core/output/output.ts';
import type { Connection, Server } from './connection.ts';
import type { CopyEncoder } from './copy-encoder.ts';
import { faultText, isLasting } from './faults.ts';
import { ledgerName, prepareTable, quoted, type Table, tableName } from './table.ts';

/**
 * What the server is told of a session: to look after seconds whether a silent client is still there, and to wait for
 * locks no longer than the client does, so that what a lost connection holds does not stay.
 */
const session = (timeout: number): string =>
  `SET lock_timeout = ${Math.ceil(timeout)}; SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`;

/** What a target is made of. */
export interface TargetParts {
  readonly server: Server;
  readonly table: Table;
  readonly encoder: CopyEncoder;
  readonly create: boolean;
  readonly timeout: number;
  /** As messages have it. */
  readonly name: string;
  readonly context: SinkContext;
}

/** A table that takes each segment in one transaction, together with its line in the ledger. */
export class TableTarget implements SegmentTarget {
  readonly #parts: TargetParts;
  readonly #insert: string;
  readonly #copy: string;
  #connection: Connection | undefined;
  #prepared = false;
  #skipped = 0;
  #told = false;

  constructor(parts: TargetParts) {
    this.#parts = parts;
    const { table } = parts;
    this.#insert = `INSERT INTO ${ledgerName(table)} (table_name, id, rows, configuration) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
    const names = table.columns.map(({ name }) => quoted(name)).join(', ');
    this.#copy = `COPY ${tableName(table)} (${names}) FROM STDIN (FORMAT binary)`;
  }

  encode(rows: RowBatch): Uint8Array {
    const { encoder, context } = this.#parts;
    const bytes = encoder.encode(rows);
    if (encoder.cut > 0 && !this.#told) {
      this.#told = true;
      context.report('times are cut to microseconds, which is what timestamps have here; times=nanoseconds keeps all');
    }
    return bytes;
  }

  /** Connects, and makes or checks the table, once. */
  prepare(): Promise<void> {
    return this.#with(async () => {});
  }

  deliver(payload: Uint8Array, { id, rows }: Segment): Promise<void> {
    const { table, context } = this.#parts;
    return this.#with(async (connection) => {
      await connection.query('BEGIN');
      const { rowCount } = await connection.query(this.#insert, [table.name, id, rows, context.configuration]);
      if (rowCount === 1) await connection.copy(this.#copy, payload);
      await connection.query('COMMIT');
      if (rowCount === 0) this.#skipped += rows;
    });
  }

  async #with(act: (connection: Connection) => Promise<void>): Promise<void> {
    const { server, timeout, table, create } = this.#parts;
    try {
      if (this.#connection?.failed === true) await this.#drop();
      const connection = this.#connection ?? (await server.connect());
      if (this.#connection === undefined) {
        this.#connection = connection;
        connection.expect(timeout);
        // Not every server has them: those that speak the protocol only, or are reached by a pipe.
        await connection.query(session(timeout)).catch((error) => {
          if (connection.failed) throw error;
        });
      }
      connection.expect(timeout);
      if (!this.#prepared) {
        const wrong = await prepareTable(connection, table, create);
        if (wrong !== undefined) throw this.#error(wrong);
        this.#prepared = true;
      }
      await act(connection);
      connection.expect(0);
    } catch (error) {
      await this.#drop();
      if (error instanceof Error && error.name === 'PacketloomError') throw error;
      if (isLasting(error)) throw this.#error(faultText(error));
      throw new Error(faultText(error), { cause: error });
    }
  }

  #error(text: string) {
    return outputError({ sink: 'postgresql', target: this.#parts.name, stop: () => {} }, text);
  }

  /** A connection in an unknown state is of no use any more; the server rolls back what it had begun. */
  async #drop(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    connection.failed = true;
    await connection.end();
  }

  async close(): Promise<void> {
    const { encoder, context } = this.#parts;
    if (this.#skipped > 0) context.report(`${this.#skipped} rows were in the table already, from an earlier run`);
    if (encoder.replaced > 0) context.report(`NUL in ${encoder.replaced} texts is stored as U+FFFD`);
    await this.#connection?.end();
  }
}
