import { describe, expect, test } from 'vitest';
import { standardRegistry } from '../../../cli/library.ts';
import { compareColumns } from '../../../core/run/compare-columns.ts';
import { type Configuration, valueLayer } from '../../../core/run/configuration.ts';
import { unite } from '../../../core/run/settle.ts';

const registry = standardRegistry();
const settled = (value: Configuration) => unite(registry, [valueLayer(value, '.')]);
const compare = (first: Configuration, second: Configuration) =>
  compareColumns(registry, settled(first), settled(second));

/** How one expression (with a unit) stands to another. */
function relation(a: string, b: string, units: readonly [string?, string?] = []): string | undefined {
  const side = (value: string, unit: string | undefined): Configuration => ({
    features: [{ name: 'x', value, ...(unit === undefined ? {} : { unit }) }],
  });
  return compare(side(a, units[0]), side(b, units[1])).columns[0]?.relation;
}

describe('what two expressions mean', () => {
  test.each([
    ['mean(frame.len, forward)', 'fwd_len_mean'],
    ['mean(frame.len, forward)', 'mean(frame.len, not backward)'],
    ['count(tcp.flags.syn, not tcp.flags.ack)', 'syn_without_ack'],
    ['count(forward, frame.len > 100)', 'count(100 < frame.len, forward)'],
    ['rate(frame.len)', 'sum(frame.len) / duration'],
    ['count()', 'frames'],
    ['count(forward) + count(backward)', 'count(backward) + count(forward)'],
    ['sum(gap(time), gap(time) > 5s)', 'idle_time'],
    ['max(gap(time), gap(time) > 5s)', 'max(gap(time), gap(time) > 5000ms)'],
  ])('%s is %s', (a, b) => {
    expect(relation(a, b)).toBe('same');
  });

  test.each([
    ['mean(frame.len, forward)', 'mean(frame.len, backward)'],
    ['mean(frame.len)', 'mean(network.length)'],
    ['stddev(frame.len)', 'stddev_pop(frame.len)'],
    ['sum(frame.len) - sum(payload.length)', 'sum(payload.length) - sum(frame.len)'],
    ['idle_time', 'sum(gap(time), gap(time) > 1s)'],
    ['quantile(frame.len, 0.5)', 'quantile(frame.len, 0.9)'],
    ['first(ip.ttl#1)', 'first(ip.ttl#-1)'],
    ['count(tcp.dstport in {80, 443})', 'count(tcp.dstport in {80, 8080})'],
  ])('%s is not %s', (a, b) => {
    expect(relation(a, b)).toBe('expression');
  });

  test('a unit apart, by what is printed', () => {
    expect(relation('mean(gap(time))', 'mean(gap(time))', ['us', 'ms'])).toBe('unit');
    expect(relation('mean(gap(time)) / 1ms', 'mean(gap(time) / 1ms)')).toBe('same');
    expect(relation('mean(gap(time))', 'mean(gap(time) / 1ms)', ['ms'])).toBe('same');
    expect(relation('sum(frame.len)', 'sum(frame.len) * 8')).toBe('unit');
  });

  test('what stands in for nothing apart', () => {
    expect(relation('mean(frame.len)', 'default(mean(frame.len), 0)')).toBe('empty');
    expect(relation('default(mean(frame.len), -1)', 'default(mean(frame.len), 0)')).toBe('empty');
  });
});

describe('columns and settings', () => {
  test('are paired by meaning, then by name; what is left stands alone', () => {
    const first = ['fwd_frames', { name: 'bytes', value: 'sum(frame.len)' }, 'bwd_frames'];
    const second = [
      { name: 'bytes', value: 'sum(payload.length)' },
      { name: 'Total Fwd', value: 'count(forward)' },
      'rst_count',
    ];
    const { columns } = compare({ features: first }, { features: second });
    expect(columns.map(({ relation: one, first: a, second: b }) => [one, a?.name, b?.name])).toEqual([
      ['same', 'fwd_frames', 'Total Fwd'],
      ['expression', 'bytes', 'bytes'],
      ['only-first', 'bwd_frames', undefined],
      ['only-second', undefined, 'rst_count'],
    ]);
  });

  test('settings of the meter that differ, those of presets too', () => {
    const first: Configuration = { features: ['frames'], flow: { idleTimeout: '30s' } };
    const second: Configuration = { features: ['frames'], flow: { idleTimeout: '0.5m', bidirectional: false } };
    expect(compare(first, second).settings).toEqual([{ name: 'bidirectional', first: 'true', second: 'false' }]);
  });

  test('a preset is itself', () => {
    const preset: Configuration = { features: [{ preset: 'statistical' }] };
    const { columns, settings } = compare(preset, preset);
    expect(new Set(columns.map(({ relation: one }) => one))).toEqual(new Set(['same']));
    expect(columns.every(({ first, second }) => first?.name === second?.name)).toBe(true);
    expect(settings).toEqual([]);
  });
});
