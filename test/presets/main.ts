import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cicflowmeter } from './cicflowmeter.ts';
import { cicflowmeterOriginal } from './cicflowmeter-original.ts';
import { nfstream } from './nfstream.ts';
import { compareCorrected } from './support/corrected.ts';
import { compareExact } from './support/exact.ts';
import { expectedFiles } from './support/expected.ts';
import { Findings } from './support/findings.ts';
import { type Compared, page } from './support/page.ts';
import { rowsOf, type Tool } from './support/tool.ts';

const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, mode: { type: 'string' }, show: { type: 'string', default: '10' } },
});
const shared = join(root, '..', 'shared');
/** All rows and captures where they are at hand, else those that come with the sources; the page is made of all. */
const complete = existsSync(join(shared, 'expected-flows'));
const [expected, captures] = complete
  ? [join(shared, 'expected-flows'), join(shared, 'captures')]
  : [join(import.meta.dirname, 'expected'), join(root, 'test', 'captures')];

async function findings(tool: Tool, mode: 'corrected' | 'exact'): Promise<Findings> {
  const found = new Findings();
  if (values.mode !== undefined && values.mode !== mode) return found;
  for (const { file, capture } of expectedFiles(join(expected, tool.folder))) {
    if (tool.readErrors.has(capture) || (values.only !== undefined && !capture.includes(values.only))) continue;
    // A folder inside holds the rows of the same captures under other parameters.
    const path = join(captures, capture.replace(/^dissections-20\//, ''));
    if (!existsSync(path)) continue;
    const compare = mode === 'exact' ? compareExact : compareCorrected;
    await compare(tool, capture, path, rowsOf(tool, file), found);
  }
  const { tallies, unexplained, leftOut, ...counts } = found;
  console.log(`${tool.folder}, ${mode}: ${JSON.stringify(counts)}`);
  for (const { difference, cells, rows, onlyOurs, onlyTheirs, example } of tallies.values()) {
    const numbers = `${cells} cells in ${rows.size} rows, ${onlyTheirs} only theirs, ${onlyOurs} only ours`;
    console.log(`  ${difference.name}: ${numbers}; ${example}`);
  }
  for (const one of leftOut) console.log(`  left out: ${one}`);
  console.log(`  ${unexplained.length} unexplained`);
  for (const one of unexplained.slice(0, Number(values.show))) console.log(`    ${one}`);
  return found;
}

const tools = [cicflowmeter, cicflowmeterOriginal, ...nfstream].filter(
  ({ folder }) => positionals.length === 0 || positionals.includes(folder),
);
const all: Compared[] = [];
for (const tool of tools) {
  all.push({ tool, corrected: await findings(tool, 'corrected'), exact: await findings(tool, 'exact') });
}
if (complete && positionals.length === 0 && values.only === undefined && values.mode === undefined) {
  const tail = readFileSync(join(import.meta.dirname, 'support', 'without-rows.md'), 'utf8');
  writeFileSync(join(root, 'docs', 'presets.md'), page(all, tail));
  console.log('docs/presets.md is written');
}
const bad = all.some(
  ({ corrected, exact }) =>
    corrected.unexplained.length > 0 || exact.matched < exact.theirs || exact.equal < 0.999 * exact.cells,
);
process.exitCode = bad ? 1 : 0;
