import type { SinkContext } from '../../../core/declare/sink.ts';
import type { Segment, SegmentTarget } from '../../../core/deliver/segment-writer.ts';
import type { RowBatch } from '../../../core/flow/rows.ts';
import { outputError } from '../../../core/output/output.ts';
import { faultText, isLasting } from './faults.ts';
import type { RowBinaryEncoder } from './row-binary.ts';
import type { Server } from './server.ts';
import { type Prepared, prepareTable, quoted, type Table, tableName } from './table.ts';

/** What a target is made of. */
export interface TargetParts {
  readonly server: Server;
  readonly table: Table;
  readonly encoder: RowBinaryEncoder;
  /** As messages have it. */
  readonly name: string;
  readonly context: SinkContext;
}

/** A table that takes each segment in one insertion, which it knows again by its token. */
export class TableTarget implements SegmentTarget {
  readonly #parts: TargetParts;
  readonly #insert: string;
  #prepared: Prepared | undefined;

  constructor(parts: TargetParts) {
    this.#parts = parts;
    const { table } = parts;
    const names = table.columns.map(({ name }) => quoted(name)).join(', ');
    this.#insert = `INSERT INTO ${tableName(table)} (${names}) FORMAT RowBinary`;
  }

  encode(rows: RowBatch): Uint8Array {
    return this.#parts.encoder.encode(rows);
  }

  /** Makes or checks the table, once. */
  async prepare(): Promise<void> {
    await this.#try(() => this.#ready());
  }

  async deliver(payload: Uint8Array, { id }: Segment): Promise<void> {
    const { server } = this.#parts;
    await this.#try(async () => {
      const { settings, remembers } = await this.#ready();
      const token = remembers ? { insert_deduplication_token: id } : {};
      await server.insert(this.#insert, payload, { ...settings, ...token });
    });
  }

  async #ready(): Promise<Prepared> {
    if (this.#prepared !== undefined) return this.#prepared;
    const { server, table, context } = this.#parts;
    const prepared = await prepareTable(server, table);
    if (prepared.wrong !== undefined) throw this.#error(prepared.wrong);
    if (!prepared.remembers && !prepared.replaces) {
      context.report(
        'this table remembers no deliveries (no insert_deduplication_token with a window, no ReplacingMergeTree): ' +
          'one that must be repeated, and a run repeated, may double rows',
      );
    }
    this.#prepared = prepared;
    return prepared;
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof Error && error.name === 'PacketloomError') throw error;
      if (isLasting(error)) throw this.#error(faultText(error));
      throw new Error(faultText(error), { cause: error });
    }
  }

  #error(text: string) {
    return outputError({ sink: 'clickhouse', target: this.#parts.name, stop: () => {} }, text);
  }

  close(): Promise<void> {
    return this.#parts.server.close();
  }
}
