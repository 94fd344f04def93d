// Writes rows to a DuckDB file from dist/, in segments of 1024: write-segments.mjs <dist> <path> <segments>. Prints a line
// for each segment that is in the table.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, path, segments] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const { duckdb } = await load('plugins/sinks/duckdb.js');
const { column, RowBatch } = await load('core/flow/rows.js');
const columns = [column('number', 'number', { integer: true }), column('text', 'text')];
const context = { configuration: '0'.repeat(64), live: false, precision: 'twelve', report() {}, stop() {} };
const writer = await duckdb.open(path, columns, { segmentRows: 1024 }, context);
let shown = 0;
for (let segment = 0; segment < Number(segments); segment += 1) {
  const batch = new RowBatch(columns, 1024);
  batch.count = 1024;
  for (let row = 0; row < 1024; row += 1) {
    batch.data[0].numbers[row] = 1024 * segment + row;
    batch.data[1].texts[row] = `row ${1024 * segment + row}`;
  }
  await writer.write(batch);
  for (; shown < writer.rows; shown += 1024) console.log(shown);
}
await writer.close();
