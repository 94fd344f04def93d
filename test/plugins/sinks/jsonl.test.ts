import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Column, column } from '../../../core/flow/rows.ts';
import { jsonl } from '../../../plugins/sinks/jsonl.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';

const path = join(temporaryFolder(), 'rows.jsonl');

async function written(columns: readonly Column[], rows: readonly (readonly Value[])[]): Promise<string> {
  const writer = await jsonl.open(path, columns, {}, contextOf());
  await writer.write(batchOf(columns, rows));
  await writer.close();
  return readFileSync(path, 'utf8');
}

test('one typed object a line', async () => {
  const columns = [
    column('flow_id', 'hash'),
    column('src_ip', 'address'),
    column('start', 'time'),
    column('duration', 'number', { decimals: 9 }),
    column('syn', 'number', { boolean: true }),
    column('end_reason', 'number', { labels: { 1: 'idle' } }),
    column('sni', 'text'),
    column('mean', 'number'),
  ];
  const rows: Value[][] = [
    [0xdeadbeefn, [10, 0, 0, 1], [1622110650, 591424000], 2000, 1, 1, 'a "b"\n', 1 / 3],
    [1n, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], [-1, 999999999], -1, 0, 7, '', -1e21],
    [0n, null, null, null, null, null, null, null],
  ];
  expect((await written(columns, rows)).split('\n')).toEqual([
    '{"flow_id":"00000000deadbeef","src_ip":"10.0.0.1","start":1622110650.591424000,"duration":0.000002000,"syn":true,' +
      '"end_reason":"idle","sni":"a \\"b\\"\\n","mean":0.333333333333}',
    '{"flow_id":"0000000000000001","src_ip":"2001:db8::1","start":-0.000000001,"duration":-0.000000001,"syn":false,' +
      '"end_reason":7,"sni":"","mean":-1e+21}',
    '{"flow_id":"0000000000000000","src_ip":null,"start":null,"duration":null,"syn":null,"end_reason":null,"sni":null,"mean":null}',
    '',
  ]);
});

test('any names and values read back', async () => {
  const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\n', '', '__proto', 'ä', '\u2028'));
  const value = fc.option(
    // Any UTF-16 units: also surrogates without their other half.
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
    { nil: null },
  );
  const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
  await fc.assert(
    fc.asyncProperty(
      fc
        .uniqueArray(
          name.filter((one) => one !== '__proto__'),
          { minLength: 2, maxLength: 6 },
        )
        .chain((names) =>
          fc.tuple(
            fc.constant(names),
            fc.array(fc.tuple(...names.map((_, index) => (index % 2 === 0 ? value : number))), { maxLength: 8 }),
          ),
        ),
      async ([names, rows]) => {
        const columns = names.map((one, index) => column(one, index % 2 === 0 ? 'text' : 'number'));
        const lines = (await written(columns, rows as Value[][])).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(rows.length);
        lines.forEach((line, row) => {
          const object = JSON.parse(line) as Record<string, unknown>;
          names.forEach((one, index) => {
            const given = rows[row]![index]!;
            const rounded =
              typeof given === 'number' && !Number.isInteger(given) ? Number(given.toPrecision(12)) : given;
            expect(object[one]).toBe(rounded === 0 ? 0 : rounded);
          });
        });
      },
    ),
    { numRuns: 300 },
  );
});
