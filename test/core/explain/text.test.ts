import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explanationText } from '../../../core/explain/explanation-text.ts';
import { csvRows, explain } from './support.ts';

const office = join(import.meta.dirname, '..', '..', '..', 'examples', 'captures', 'office.pcap');

it('a standard deviation ends in the digits of the row, with its numbers filled in', async () => {
  const wanted = [{ preset: 'statistical', at: 'test' }];
  const [head = [], row = []] = await csvRows([office], {
    wanted: [{ name: 'flow_id', feature: 'flow_id', at: 'test' }, ...wanted],
  });
  const id = row[head.indexOf('flow_id')]!;
  const cell = row[head.indexOf('fwd_iat_std')]!;
  const lines = explanationText((await explain([office], { wanted }, id, 0, ['fwd_iat_std']))!)
    .trimEnd()
    .split('\n');
  expect(lines.at(-1)).toBe(`fwd_iat_std = ${cell}`);
  // Forward gaps of frames 59, 61, 62, 63, 67, 68 in milliseconds, from tshark's frame.time_delta of the flow.
  const gaps = [9.585, 0.556, 0.237, 111.047, 0.16];
  const mean = gaps.reduce((sum, gap) => sum + gap) / gaps.length;
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  expect(Number(cell) * 1000).toBeCloseTo(Math.sqrt(squares / 4), 9);
  const match = / = sqrt\(m2 \/ \(count - 1\)\) = sqrt\((\d+) \/ \(5 - 1\)\) = ([\d.]+) ns = /.exec(lines.at(-2)!);
  expect(Number(match![1]) / 1e12).toBeCloseTo(squares, 6);
  expect(Number(match![2])).toBeCloseTo(Math.sqrt(squares / 4) * 1e6, 3);
  const table = lines.filter((line) => /^ +\d+ {2}\d+\.\d{9} /.test(line));
  expect(table.map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
    '59',
    '60',
    '61',
    '62',
    '63',
    '64',
    '65',
    '66',
    '67',
    '68',
    '69',
  ]);
  expect(table.filter((line) => / yes /.test(line)).length).toBe(gaps.length);
});

it('writes expressions in their own language', async () => {
  const value = 'count(tcp.flags & 0x12 == 0x12 and not (ip.ttl < 10 or ip.src in {10.0.0.0/8, 1.2.3.4}))';
  const [, row = []] = await csvRows([office], { wanted: [{ name: 'id', value: 'flow_id', at: 'test' }] });
  const explained = await explain([office], { wanted: [{ name: 'x', value: '1', at: 'test' }] }, row[0]!, 0, [value]);
  const [feature] = explained!.features;
  // Numbers are decimal, and conditions stand one by one in any order; read again it means the same.
  expect(feature!.expression).toContain('tcp.flags & 18 == 18');
  expect(feature!.expression).toContain('not (ip.ttl < 10 or ip.src in {1.2.3.4, 10.0.0.0/8})');
  const again = await explain([office], { wanted: [{ name: 'x', value: '1', at: 'test' }] }, row[0]!, 0, [
    feature!.expression,
  ]);
  expect(again!.features[0]!.cells).toEqual(feature!.cells);
});
