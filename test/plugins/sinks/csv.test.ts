import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Options, stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Column, column } from '../../../core/flow/rows.ts';
import { formatNumberFull } from '../../../core/output/format-number.ts';
import { csv } from '../../../plugins/sinks/csv.ts';
import { temporaryFolder } from './folder.ts';
import { batchOf, contextOf, type Value } from './rows.ts';

const folder = temporaryFolder();
const path = join(folder, 'rows.csv');

async function written(
  columns: readonly Column[],
  batches: readonly (readonly (readonly Value[])[])[],
  options: Record<string, unknown> = {},
  target = path,
  context = contextOf(),
): Promise<Buffer> {
  const writer = await csv.open(target, columns, options, context);
  for (const rows of batches) await writer.write(batchOf(columns, rows));
  await writer.close();
  expect(writer.rows).toBe(batches.reduce((sum, rows) => sum + rows.length, 0));
  return readFileSync(target);
}

const twelve = (value: number) => String(Number.isInteger(value) ? value : Number(value.toPrecision(12)));

/** csv-stringify's bytes for the same rows. */
function expected(columns: readonly Column[], rows: readonly (readonly unknown[])[], options: Options = {}): Buffer {
  const names = columns.map(({ name }, index) => ({ key: String(index), header: name }));
  return Buffer.from(
    stringify(rows as unknown[][], { header: true, columns: names, cast: { number: twelve }, ...options }),
  );
}

const HOSTILE = [
  '',
  ' ',
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  "'",
  '\\',
  '\0',
  '\u2028',
  '\ufeff',
  'a"b,c\nd\r\ne',
  'ä',
  '日本語',
  '😀',
  '\ud83d',
  '\ude00\ud83d',
  'null',
  'NULL',
  '[1,2,3]',
  '{"a":1}',
  'x'.repeat(5000),
  '"'.repeat(300),
  '日'.repeat(300),
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...HOSTILE) }),
  // Any UTF-16 units, so also surrogates without their other half.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    2 ** 53,
    2 ** 64,
    1e21,
    1e300,
    5e-324,
    0.1 + 0.2,
    1 / 3,
    1e-7,
    123456789012.5,
    18446744073709552000,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
);
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });

describe('byte for byte what csv-stringify writes', () => {
  test.each([',', ';', '\t', '|', ' ', '='])(
    'hostile texts, lists and numbers with delimiter %j',
    async (delimiter) => {
      const columns = [
        column('a', 'text'),
        column('n', 'number'),
        column('b', 'text'),
        column('list', 'text'),
        column('m', 'number'),
      ];
      const list = fc.array(number, { maxLength: 5 }).map((values) => JSON.stringify(values));
      const rows = fc.array(fc.tuple(orNull(text), orNull(number), orNull(text), orNull(list), orNull(number)), {
        maxLength: 20,
      });
      await fc.assert(
        fc.asyncProperty(rows, rows, async (first, second) => {
          const bytes = await written(columns, [first, second], { delimiter });
          expect(bytes.equals(expected(columns, [...first, ...second], { delimiter }))).toBe(true);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('formulas escaped', async () => {
    const columns = [column('a', 'text'), column('n', 'number'), column('b', 'text')];
    const formula = fc.constantFrom(
      "=cmd|' /C calc'!A0",
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '＝1',
      ' =1',
      'a=1',
      "'=1",
    );
    const cell = orNull(fc.oneof(formula, text));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, orNull(number), cell), { maxLength: 20 }), async (rows) => {
        const bytes = await written(columns, [rows], { formulas: 'escape' });
        expect(bytes.equals(expected(columns, rows, { escape_formulas: true }))).toBe(true);
      }),
      { numRuns: 100 },
    );
    // Names as packets have them: DNS and SNI.
    const names = [["=cmd|' /C calc'!A0", -1, '@evil.example']] as const;
    expect((await written(columns, [names], { formulas: 'escape', header: false })).toString()).toBe(
      "'=cmd|' /C calc'!A0,-1,'@evil.example\n",
    );
    expect((await written(columns, [names], { header: false })).toString()).toBe(
      "=cmd|' /C calc'!A0,-1,@evil.example\n",
    );
  });

  test('names of columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          text.filter((name) => name !== ''),
          { minLength: 1 },
        ),
        async (names) => {
          const columns = names.map((name) => column(name, 'number'));
          expect((await written(columns, [])).equals(expected(columns, []))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('names of values', async () => {
    const columns = [column('a', 'number', { labels: Object.fromEntries(HOSTILE.entries()) }), column('b', 'number')];
    const rows = HOSTILE.map((_, index) => [index, index]);
    const named = HOSTILE.map((name, index) => [name, index]);
    expect((await written(columns, [rows])).equals(expected(columns, named))).toBe(true);
  });

  test('one column, empty or not', async () => {
    const columns = [column('a', 'text')];
    const rows = [[''], [null], ['x'], ['\n']];
    expect(await written(columns, [rows])).toEqual(expected(columns, rows));
  });

  test('numbers in full precision', async () => {
    const columns = [column('a', 'number')];
    await fc.assert(
      fc.asyncProperty(fc.array(number.map((one) => [one])), async (rows) => {
        const context = contextOf({ precision: 'full', formatNumber: formatNumberFull });
        const bytes = await written(columns, [rows], {}, path, context);
        expect(bytes.equals(expected(columns, rows, { cast: { number: String } }))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('rows and single texts larger than the buffer', async () => {
    const columns = [column('a', 'text'), column('b', 'text')];
    const rows = [1, 200_000, 3, 90_000, 1_000_000, 0].map((length) => ['"'.repeat(length), '日'.repeat(length)]);
    expect((await written(columns, [rows, rows])).equals(expected(columns, [...rows, ...rows]))).toBe(true);
  });

  test('many columns, many rows', async () => {
    const columns = Array.from({ length: 2000 }, (_, index) => column(`c${index}`, 'number'));
    const rows = Array.from({ length: 100 }, (_, row) => columns.map((_, index) => (row * 2000 + index) / 7));
    expect((await written(columns, [rows, rows])).equals(expected(columns, [...rows, ...rows]))).toBe(true);
  });
});

test('every kind of column', async () => {
  const columns = [
    column('flow_id', 'hash'),
    column('src_ip', 'address'),
    column('start', 'time'),
    column('duration', 'number', { decimals: 9 }),
    column('syn', 'number', { boolean: true }),
    column('end_reason', 'number', { labels: { 1: 'idle', 2: 'active' } }),
    column('sni', 'text'),
    column('mean', 'number'),
  ];
  const rows: Value[][] = [
    [0x00000000deadbeefn, [10, 0, 0, 1], [1622110650, 591424000], 2000, 1, 1, 'a,b', 1 / 3],
    [2n ** 64n - 1n, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], [4323283200, 0], 1_800_000_000_000, 0, 7, 'x', 1500],
    [0n, null, null, null, null, null, null, null],
  ];
  expect((await written(columns, [rows])).toString()).toBe(
    [
      'flow_id,src_ip,start,duration,syn,end_reason,sni,mean',
      '00000000deadbeef,10.0.0.1,1622110650.591424000,0.000002000,1,idle,"a,b",0.333333333333',
      'ffffffffffffffff,2001:db8::1,4323283200.000000000,1800.000000000,0,7,x,1500',
      '0000000000000000,,,,,,,',
      '',
    ].join('\n'),
  );
});

test('a .tsv file has tabs, unless another delimiter is asked for', async () => {
  const columns = [column('a', 'text'), column('b', 'text')];
  const target = join(folder, 'rows.tsv');
  expect(String(await written(columns, [[['x,y', 'a\tb']]], {}, target))).toBe('a\tb\nx,y\t"a\tb"\n');
  expect(String(await written(columns, [[['x,y', 'a\tb']]], { delimiter: ',' }, target))).toBe('a,b\n"x,y",a\tb\n');
});

test('only delimiters that stand in no number, time, address or hash are allowed', () => {
  const { delimiter } = csv.options.properties as { delimiter: { pattern: string } };
  const allowed = Array.from({ length: 256 }, (_, unit) => String.fromCharCode(unit)).filter((one) =>
    new RegExp(delimiter.pattern).test(one),
  );
  expect(allowed.join('')).toBe("\t !#$%&'()*,/;<=>?@[\\]^_`{|}~");
});

test('header: false leaves the names out', async () => {
  expect(String(await written([column('a', 'number')], [[[1]]], { header: false }))).toBe('1\n');
  expect(String(await written([column('a', 'number')], [], { header: false }))).toBe('');
});
