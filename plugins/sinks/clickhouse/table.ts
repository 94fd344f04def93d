import { type ValueKind, valueKind } from '../../../core/deliver/value-kind.ts';
import type { Column } from '../../../core/flow/rows.ts';
import type { Addresses } from './row-binary.ts';
import type { Server } from './server.ts';

/** How times are stored: `timestamp` is DateTime64(9, 'UTC'), `nanoseconds` Int64 since 1970. */
export type Times = 'timestamp' | 'nanoseconds';
/** Engine of a table that is made; `auto` is MergeTree where that remembers deliveries. */
export type Engine = 'auto' | 'MergeTree' | 'ReplacingMergeTree';

/** A table and what is wanted of it. */
export interface Table {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly times: Times;
  readonly addresses: Addresses;
  readonly engine: Engine;
  readonly create: boolean;
}

/** What a table and its server are found to be. */
export interface Prepared {
  /** What is wrong with it. */
  readonly wrong?: string;
  /** Settings that each insertion has. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Tokens of insertions are remembered. */
  readonly remembers: boolean;
  /** Rows with the same flow and segment become one. */
  readonly replaces: boolean;
}

/** Segments that a table remembers. */
const WINDOW = 10_000;

/** A name, and a text, as SQL has them. */
export const quoted = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export const tableName = ({ database, name }: Table): string => `${quoted(database)}.${quoted(name)}`;

/** Types and settings that servers have or not, by the system tables that list them. */
const FEATURES = {
  DateTime64: 'data_type_families',
  Bool: 'data_type_families',
  IPv6: 'data_type_families',
  insert_deduplication_token: 'settings',
  async_insert: 'settings',
  non_replicated_deduplication_window: 'merge_tree_settings',
  allow_nullable_key: 'merge_tree_settings',
} as const;

async function featuresOf(server: Server): Promise<ReadonlySet<string>> {
  const questions = [...new Set(Object.values(FEATURES))].map((table) => {
    const names = Object.entries(FEATURES).flatMap(([name, one]) => (one === table ? [literal(name)] : []));
    return `SELECT toString(name) AS name FROM system.${table} WHERE name IN (${names.join(', ')})`;
  });
  const rows = await server.select<{ name: string }>(questions.join(' UNION ALL '));
  return new Set(rows.map(({ name }) => name));
}

/** Types that a kind of value may have in the table; all have the same bytes, and the first one that the server has is made. */
function typesOf(kind: ValueKind, { times, addresses }: Table): readonly string[] {
  const timesAs = times === 'timestamp' ? ["Nullable(DateTime64(9, 'UTC'))", 'Nullable(Int64)'] : ['Nullable(Int64)'];
  const text = ['Nullable(String)', 'LowCardinality(Nullable(String))'];
  switch (kind) {
    case 'integer':
      return ['Nullable(Int64)'];
    case 'double':
    case 'scaled':
      return ['Nullable(Float64)'];
    case 'boolean':
      return ['Nullable(Bool)', 'Nullable(UInt8)'];
    case 'time':
      return timesAs;
    case 'hash':
      return ['String', 'LowCardinality(String)'];
    case 'label':
      return [...text].reverse();
    case 'text':
      return text;
    case 'address':
      return addresses === 'text' ? text : ['Nullable(IPv6)', 'Nullable(FixedString(16))'];
  }
}

/** Whether a server can make a column of a type. */
function makes(type: string, features: ReadonlySet<string>): boolean {
  if (type.startsWith('LowCardinality')) return features.has('DateTime64');
  const [, inner = type] = /^Nullable\((\w+)/.exec(type) ?? [];
  return !(inner in FEATURES) || features.has(inner);
}

/** The same type, whatever the time zone it is shown in. */
const plain = (type: string): string => type.replace(/DateTime64\(9(?:, '[^']*')?\)/, "DateTime64(9, 'UTC')");

/** Looks at the server, and makes or checks the table. */
export async function prepareTable(server: Server, table: Table): Promise<Prepared> {
  const features = await featuresOf(server);
  const settings: Record<string, string | number> = {};
  // An answer says that the rows are in the table, not that they wait to be.
  if (features.has('async_insert')) settings.async_insert = 0;
  const where = `database = ${literal(table.database)}`;
  const columns = () =>
    server.select<{ name: string; type: string }>(
      `SELECT name, type FROM system.columns WHERE ${where} AND table = ${literal(table.name)}`,
    );
  let found = await columns();
  if (found.length === 0 && table.create) {
    await server.command(definition(table, features));
    found = await columns();
  }
  const nothing = { settings, remembers: false, replaces: false };
  if (found.length === 0) {
    return { ...nothing, wrong: 'the table does not exist; create it, or let create=true do it' };
  }
  const wrong = differences(new Map(found.map(({ name, type }) => [name, plain(type)])), table, features);
  if (wrong !== undefined) return { ...nothing, wrong };
  const [made] = await server.select<{ engine: string; made: string }>(
    `SELECT engine, create_table_query AS made FROM system.tables WHERE ${where} AND name = ${literal(table.name)}`,
  );
  const { engine = '', made: query = '' } = made ?? {};
  const remembers =
    features.has('insert_deduplication_token') &&
    (/^(?:Replicated|Shared)/.test(engine) || /non_replicated_deduplication_window = [1-9]/.test(query));
  return { settings, remembers, replaces: engine.includes('Replacing') };
}

/** How the table is made. */
function definition(table: Table, features: ReadonlySet<string>): string {
  const columns = table.columns.map((column) => {
    const types = typesOf(valueKind(column), table);
    const type = types.find((one) => makes(one, features)) ?? types.at(-1)!;
    const comment = column.description === '' ? '' : ` COMMENT ${literal(column.description)}`;
    return `${quoted(column.name)} ${type}${comment}`;
  });
  const named = (name: string, kind: ValueKind) =>
    table.columns.some((column) => column.name === name && valueKind(column) === kind);
  const [flow, segment, start] = [named('flow_id', 'hash'), named('segment', 'integer'), named('start', 'time')];
  const token = features.has('insert_deduplication_token') && features.has('non_replicated_deduplication_window');
  const replacing = table.engine === 'ReplacingMergeTree' || (table.engine === 'auto' && !token && flow && segment);
  const nullable = features.has('allow_nullable_key');
  const key = replacing
    ? ['flow_id', 'ifNull(segment, -1)']
    : [...(start && nullable ? ['start'] : []), ...(flow ? ['flow_id'] : [])];
  const settings = [
    ...(token ? [`non_replicated_deduplication_window = ${WINDOW}`] : []),
    ...(nullable && !replacing && start ? ['allow_nullable_key = 1'] : []),
  ];
  return [
    `CREATE TABLE IF NOT EXISTS ${tableName(table)} (${columns.join(', ')})`,
    `ENGINE = ${replacing ? 'ReplacingMergeTree' : 'MergeTree'}() ORDER BY ${key.length === 0 ? 'tuple()' : `(${key.join(', ')})`}`,
    ...(settings.length > 0 ? [`SETTINGS ${settings.join(', ')}`] : []),
  ].join(' ');
}

/** How a table differs from what rows need. */
function differences(
  found: ReadonlyMap<string, string>,
  table: Table,
  features: ReadonlySet<string>,
): string | undefined {
  const missing: string[] = [];
  const other: string[] = [];
  for (const column of table.columns) {
    const types = typesOf(valueKind(column), table);
    const type = found.get(column.name);
    const wanted = types.find((one) => makes(one, features)) ?? types.at(-1)!;
    if (type === undefined) missing.push(`ADD COLUMN ${quoted(column.name)} ${wanted}`);
    else if (!types.includes(type))
      other.push(`${quoted(column.name)} is ${type}, the rows have ${types.join(' or ')}`);
  }
  if (missing.length > 0)
    return `the table lacks columns of the rows: ALTER TABLE ${tableName(table)} ${missing.join(', ')}`;
  return other.length > 0 ? `columns of other types: ${other.join('; ')}` : undefined;
}
