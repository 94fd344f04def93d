// Writes rows to a target in a process of its own: write-rows.mjs <sink> <target> <batches> <exit at once behind it>.
// Each batch has 1000 rows of a number and a text of 100 characters. Its report goes to stderr, as one line of JSON.
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const { sinks } = await jiti.import('../../../plugins/sinks/index.ts');
const { column } = await jiti.import('../../../core/flow/rows.ts');
const { batchOf, contextOf } = await jiti.import('./rows.ts');

const [name, target, batches] = process.argv.slice(2);
const columns = [column('number', 'number'), column('text', 'text')];
const context = contextOf();
const report = { stopped: 0, rows: 0, batches: 0 };
try {
  const writer = await sinks.find((sink) => sink.name === name).open(target, columns, {}, context);
  try {
    for (let batch = 0; batch < Number(batches) && context.stopped === 0; batch += 1) {
      const rows = Array.from({ length: 1000 }, (_, row) => [batch * 1000 + row, 'x'.repeat(100)]);
      await writer.write(batchOf(columns, rows));
      report.batches += 1;
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.close();
  report.rows = writer.rows;
} catch (error) {
  report.error = `${error.code}: ${error.message}`;
}
report.stopped = context.stopped;
process.stderr.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
