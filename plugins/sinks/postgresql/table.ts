import type { ValueKind } from '../../../core/deliver/value-kind.ts';
import { valueKind } from '../../../core/deliver/value-kind.ts';
import { PacketloomError } from '../../../core/errors.ts';
import type { Column } from '../../../core/flow/rows.ts';
import type { Connection } from './connection.ts';
import type { Times } from './copy-encoder.ts';

/** Bytes of a name (NAMEDATALEN - 1); PostgreSQL would cut longer ones. */
const NAME_BYTES = 63;

/** The table that remembers which segments are in which table. */
export const LEDGER = 'packetloom_segments';

const TYPES: Readonly<Record<ValueKind, string>> = {
  integer: 'bigint',
  double: 'double precision',
  scaled: 'double precision',
  boolean: 'boolean',
  label: 'text',
  text: 'text',
  hash: 'text',
  address: 'inet',
  time: 'timestamp with time zone',
};

/** A name as SQL has it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The type of each column. */
export function columnTypes(columns: readonly Column[], times: Times): string[] {
  return columns.map((column) => {
    const kind = valueKind(column);
    return kind === 'time' && times === 'nanoseconds' ? 'bigint' : TYPES[kind];
  });
}

/** A table and what its columns must be. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly types: readonly string[];
}

/** Table and ledger as SQL names them. */
export const tableName = ({ schema, name }: Table): string => `${quoted(schema)}.${quoted(name)}`;
export const ledgerName = ({ schema }: Table): string => `${quoted(schema)}.${quoted(LEDGER)}`;

/**
 * Refuses names that PostgreSQL would cut or take for others.
 * @throws PacketloomError `configuration` that names the first one
 */
export function checkNames({ schema, name, columns }: Table): void {
  for (const one of [schema, name, ...columns.map((column) => column.name)]) {
    if (Buffer.byteLength(one) <= NAME_BYTES && one !== '' && !one.includes('\0')) continue;
    const why = `PostgreSQL takes names of 1 to ${NAME_BYTES} bytes: ${JSON.stringify(one)}`;
    throw new PacketloomError('configuration', `postgresql: ${why}; name the column otherwise (name=expression)`);
  }
}

const definitions = ({ columns, types }: Table): string[] =>
  columns.map(({ name }, i) => `${quoted(name)} ${types[i]}`);

/** Makes the table and the ledger where they are not there and that is wanted; what is wrong with the table, if anything. */
export async function prepareTable(connection: Connection, table: Table, create: boolean): Promise<string | undefined> {
  await connection.query('BEGIN');
  // Two runs that begin at once would both find nothing there.
  await connection.query(`SELECT pg_advisory_xact_lock(hashtext('packetloom'))`);
  let found = await columnsOf(connection, table);
  if (found.size === 0 && create) {
    await connection.query(`CREATE TABLE ${tableName(table)} (${definitions(table).join(', ')})`);
    for (const { name, description } of table.columns) {
      if (description === '') continue;
      const text = `'${description.replaceAll("'", "''")}'`;
      await connection.query(`COMMENT ON COLUMN ${tableName(table)}.${quoted(name)} IS ${text}`);
    }
    await prepareLedger(connection, table, true);
    found = await columnsOf(connection, table);
  } else if (found.size > 0) await prepareLedger(connection, table, create);
  if (found.size > 0) await forgetEmptied(connection, table);
  await connection.query('COMMIT');
  if (found.size === 0) return `the table does not exist; create it, or let create=true do it`;
  return differences(found, table);
}

/** Names and types of the columns of a table; none where there is no such table. */
async function columnsOf(connection: Connection, { schema, name }: Table): Promise<Map<string, string>> {
  const { rows } = await connection.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema, name],
  );
  return new Map(rows.map((row) => [row.name, row.type]));
}

async function prepareLedger(connection: Connection, table: Table, create: boolean): Promise<void> {
  const ledger = await columnsOf(connection, { ...table, name: LEDGER });
  if (ledger.size > 0 || !create) return;
  await connection.query(
    `CREATE TABLE ${ledgerName(table)} (table_name text, id text, rows bigint NOT NULL, configuration text NOT NULL,
     loaded_at timestamp with time zone NOT NULL DEFAULT now(), PRIMARY KEY (table_name, id))`,
  );
}

/** A table without rows was emptied, or made anew: what was loaded before is not there. */
async function forgetEmptied(connection: Connection, table: Table): Promise<void> {
  const { rows } = await connection.query<{ may: boolean }>(
    `SELECT coalesce(has_table_privilege(to_regclass($1), 'DELETE') AND has_table_privilege(to_regclass($2), 'SELECT'), false) AS may`,
    [ledgerName(table), tableName(table)],
  );
  if (rows[0]?.may !== true) return;
  // In one statement, so that it sees either both or none of what another run loads.
  await connection.query(
    `DELETE FROM ${ledgerName(table)} WHERE table_name = $1 AND NOT EXISTS (SELECT FROM ${tableName(table)})`,
    [table.name],
  );
}

/** How a table differs from what rows need. */
function differences(found: ReadonlyMap<string, string>, table: Table): string | undefined {
  const missing: string[] = [];
  const other: string[] = [];
  table.columns.forEach(({ name }, i) => {
    const [type, wanted] = [found.get(name), table.types[i]!];
    if (type === undefined) missing.push(`${quoted(name)} ${wanted}`);
    else if (type !== wanted && !(wanted === 'text' && type === 'character varying')) {
      other.push(`${quoted(name)} is ${type}, the rows have ${wanted}`);
    }
  });
  if (missing.length > 0) {
    const names = missing.map((one) => `ADD COLUMN ${one}`).join(', ');
    return `the table lacks columns of the rows: ALTER TABLE ${tableName(table)} ${names}`;
  }
  return other.length > 0 ? `columns of other types: ${other.join('; ')}` : undefined;
}
