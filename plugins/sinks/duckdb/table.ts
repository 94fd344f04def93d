import type { DuckDBConnection } from '@duckdb/node-api';
import { PacketloomError } from '../../../core/errors.ts';
import type { Column } from '../../../core/flow/rows.ts';
import { type StoredType, storedType } from '../../../core/output/typed-column.ts';

/** The table that remembers which segments are in which table. */
export const LEDGER = 'packetloom_segments';

const TYPES: Readonly<Record<StoredType, string>> = {
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP_NS',
  text: 'VARCHAR',
};

/** A name as SQL has it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A column of a table. */
interface Found {
  readonly name: string;
  readonly type: string;
}

/**
 * Refuses names of columns that DuckDB takes for one another.
 * @throws PacketloomError `configuration`
 */
export function checkNames(columns: readonly Column[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const text = `duckdb: the columns ${quoted(other)} and ${quoted(name)} have one name there, which has no case; name one otherwise (name=expression)`;
      throw new PacketloomError('configuration', text);
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** Names and types of the columns of a table, in its order; none where there is no such table. */
async function columnsOf(connection: DuckDBConnection, table: string): Promise<Found[]> {
  const reader = await connection.runAndReadAll(
    `SELECT column_name AS name, data_type AS type FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = current_schema() AND lower(table_name) = lower($1)
     ORDER BY column_index`,
    [table],
  );
  return reader.getRowObjectsJS() as unknown as Found[];
}

const definition = (column: Column): string => `${quoted(column.name)} ${TYPES[storedType(column)]}`;

async function create(connection: DuckDBConnection, table: string, columns: readonly Column[]): Promise<void> {
  await connection.run(`CREATE TABLE ${quoted(table)} (${columns.map(definition).join(', ')})`);
  for (const { name, unit, description } of columns) {
    const text = [description, unit === '' ? '' : `unit: ${unit}`].filter((part) => part !== '').join('; ');
    if (text === '') continue;
    await connection.run(`COMMENT ON COLUMN ${quoted(table)}.${quoted(name)} IS ${literal(text)}`);
  }
  // Of a table of that name that is gone.
  await connection.run(`DELETE FROM ${LEDGER} WHERE lower(table_name) = lower($1)`, [table]);
}

/**
 * Makes the table and the ledger where they are not there, in a transaction that has begun.
 * @param addColumns to a table that lacks some; those that rows do not have stay empty
 * @returns where in the rows the columns of the table come from, in its order, -1 for none; or what is wrong with it
 */
export async function prepareTable(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  addColumns: boolean,
): Promise<readonly number[] | string> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${LEDGER} (table_name VARCHAR NOT NULL, id VARCHAR NOT NULL, rows BIGINT NOT NULL,
     configuration VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL)`,
  );
  let found = await columnsOf(connection, table);
  if (found.length === 0) await create(connection, table, columns);
  const types = new Map(found.map(({ name, type }) => [name.toLowerCase(), type]));
  const missing = found.length === 0 ? [] : columns.filter(({ name }) => !types.has(name.toLowerCase()));
  if (missing.length > 0 && addColumns) {
    for (const column of missing) {
      await connection.run(`ALTER TABLE ${quoted(table)} ADD COLUMN ${definition(column)}`);
    }
  }
  const wrong = found.length === 0 ? undefined : differences(found, missing, columns, addColumns);
  if (wrong !== undefined) return `the table ${table} ${wrong}`;
  found = await columnsOf(connection, table);
  const places = new Map(columns.map(({ name }, place) => [name.toLowerCase(), place]));
  return found.map(({ name }) => places.get(name.toLowerCase()) ?? -1);
}

const some = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** How a table differs from what rows need. */
function differences(
  found: readonly Found[],
  missing: readonly Column[],
  columns: readonly Column[],
  addColumns: boolean,
): string | undefined {
  const wanted = new Map(columns.map((column) => [column.name.toLowerCase(), TYPES[storedType(column)]]));
  const other = found.flatMap(({ name, type }) => {
    const own = wanted.get(name.toLowerCase());
    return own === undefined || own === type ? [] : [`${quoted(name)} is ${type}, the rows have ${own}`];
  });
  if (other.length > 0) return `has columns of other types: ${some(other)}; take another table (table)`;
  if (addColumns) return undefined;
  const more = found.filter(({ name }) => !wanted.has(name.toLowerCase()));
  const parts = [
    ...(missing.length > 0 ? [`lacks ${some(missing.map(({ name }) => quoted(name)))}`] : []),
    ...(more.length > 0 ? [`has ${some(more.map(({ name }) => quoted(name)))} besides`] : []),
  ];
  if (parts.length === 0) return undefined;
  return `${parts.join(' and ')}: take another table (table), or let addColumns unite them`;
}
