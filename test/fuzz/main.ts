import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBench } from '../../core/testing.ts';
import { registry } from '../dissectors/support/registry.ts';
import { keepCase } from './case.ts';
import { capturesBelow, readSeeds } from './corpus.ts';
import { allOf, contractCheck, fuzz } from './fuzz.ts';
import { rowsCheck } from './rows.ts';

const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() & 0x7fff_ffff : Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('usage: npm run fuzz -- [--seconds 10] [--seed 1] [captures or folders...]');
  process.exit(2);
}

const folders = ['test/captures', 'examples/captures', '../shared/captures'].map((path) => join(root, path));
const captures = positionals.length > 0 ? positionals : folders.filter(existsSync).flatMap(capturesBelow);
const bench = openBench(registry);
const seeds = await readSeeds(captures, bench);
console.log(`${captures.length} captures, ${seeds.length} frames to start from, seed ${seed}, ${seconds} s`);

const { frames, failed } = fuzz(allOf(contractCheck(registry, bench), rowsCheck(registry, bench)), seeds, {
  seed,
  seconds,
  onCase: (found) => console.log(`test/fuzz-cases/${keepCase(found)}: ${found.reason}`),
});
console.log(`${frames} frames, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
