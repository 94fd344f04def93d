import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { office, run, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder().path;

test('--dictionary says what every column of the run means, and names the configuration', async () => {
  const [file, summary] = [join(folder, 'columns.json'), join(folder, 'summary.json')];
  const words = ['flows', office, '-p', 'nettisa', '--feature', 'x=count(forward)', '--quiet', '--dictionary', file];
  const { code, stdout, stderr } = await run([...words, '--summary', summary]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const dictionary = JSON.parse(readFileSync(file, 'utf8'));
  const head = stdout.split('\n', 1)[0]!.split(',');
  expect(dictionary.columns.map(({ name }: { name: string }) => name)).toEqual(head);
  expect(dictionary.configuration).toBe(JSON.parse(readFileSync(summary, 'utf8')).configuration);
  expect(dictionary.schema).toBe(1);
});

test('as CSV by its name', async () => {
  const file = join(folder, 'columns.csv');
  const { code } = await run(['flows', office, '--quiet', '--dictionary', file]);
  expect(code).toBe(0);
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  expect(head).toBe('name,type,unit,basis,estimator,empty,description,expression,feature');
  expect(lines.length).toBe(15);
});

test('a file that cannot be written ends the run with one line', async () => {
  const { code, stderr } = await run(['flows', office, '--quiet', '--dictionary', join(folder, 'none', 'x.json')]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^packetloom: dictionary: .*none.x\.json: cannot be written: .*\n$/);
});
