// Prints what the queries of a file answer: ask.mjs <database> <queries.sql>. DuckDB's own shell does the same.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [path, queries] = process.argv.slice(2);
const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
const connection = await instance.connect();
for (const text of readFileSync(queries, 'utf8').split(/;\s*$/m)) {
  if (text.trim() === '') continue;
  console.log(text.trim().split('\n', 1)[0]);
  const answer = await connection.runAndReadAll(text);
  const names = answer.columnNames();
  const rows = answer.getRows().map((row) => row.map((value) => String(value ?? '')));
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  for (const row of [names, widths.map((width) => '-'.repeat(width)), ...rows]) {
    console.log(
      row
        .map((value, i) => value.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    );
  }
  console.log();
}
connection.closeSync();
instance.closeSync();
