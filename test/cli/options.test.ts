import { describe, expect, test } from 'vitest';
import { featureOption, optionsLayer, outputOption, wholeNumber } from '../../cli/options-layer.ts';
import { definePlugin } from '../../core/declare/plugin.ts';
import { createRegistry } from '../../core/declare/registry.ts';
import { defineSink } from '../../core/declare/sink.ts';

const open = () => Promise.reject(new Error('never opened'));
const registry = createRegistry([
  definePlugin({
    name: 'test',
    sinks: [
      defineSink({ name: 'csv', description: '', extensions: ['.csv', '.tsv'], open }),
      defineSink({ name: 'jsonl', description: '', extensions: ['.jsonl'], open }),
      defineSink({ name: 'postgresql', description: '', open }),
    ],
  }),
]);

describe('an output', () => {
  test.each([
    ['-', { csv: { path: '-' } }],
    ['flows.csv', { csv: { path: 'flows.csv' } }],
    ['a/b.c/FLOWS.CSV', { csv: { path: 'a/b.c/FLOWS.CSV' } }],
    ['x.tsv', { csv: { path: 'x.tsv' } }],
    ['csv:flows.txt', { csv: { path: 'flows.txt' } }],
    ['jsonl:-', { jsonl: { path: '-' } }],
    ['csv:a:b', { csv: { path: 'a:b' } }],
    ['postgresql://host/base', { postgresql: { path: 'postgresql://host/base' } }],
    ['./csv:x.csv', { csv: { path: './csv:x.csv' } }],
    ['2024:x.csv', { csv: { path: '2024:x.csv' } }],
    ['C:\\x.csv', { csv: { path: 'C:\\x.csv' } }],
  ])('%s', (target, expected) => {
    expect(outputOption(target, registry)).toEqual(expected);
  });

  test.each([
    [
      'flows',
      'flows: --output flows: no sink writes such a file; known endings are .csv, .tsv, .jsonl; or say sink:path',
    ],
    ['cvs:x', 'flows: --output cvs:x: no such sink "cvs"; did you mean csv?'],
    ['csv:', 'flows: --output csv:: expected a path behind "csv:"'],
  ])('%s is refused', (target, message) => {
    expect(() => outputOption(target, registry)).toThrow(message);
  });
});

test('parameters of a URL that are options of the sink become options, with their types', () => {
  const properties = { table: { type: 'string' }, create: { type: 'boolean' }, rows: { type: 'integer' } };
  const store = defineSink({ name: 'store', description: '', schemes: ['st'], options: { properties }, open });
  // As a plugin with an older copy of this package has it.
  const { schemes: _, ...older } = defineSink({ name: 'older', description: '', open });
  const own = createRegistry([definePlugin({ name: 'own', sinks: [older as typeof store, store] })]);
  expect(outputOption('st://host/base?table=a%20b&create=false&rows=12&other=1', own)).toEqual({
    store: { path: 'st://host/base?other=1', table: 'a b', create: false, rows: 12 },
  });
});

describe('a feature', () => {
  test.each([
    ['flow.duration', 'flow.duration'],
    ['a=1', { name: 'a', value: '1' }],
    ['a = count() == 3', { name: 'a', value: 'count() == 3' }],
    ['a.b-c=x=y', { name: 'a.b-c', value: 'x=y' }],
    ['a=', { name: 'a', value: '' }],
  ])('%s', (text, expected) => {
    expect(featureOption(text)).toEqual(expected);
  });

  test.each(['count()', 'a == 1', '=1', ''])('%j is neither a name nor name=expression', (text) => {
    expect(() => featureOption(text)).toThrow('expected a named feature or name=expression');
  });
});

test.each(['0', '-1', '1.5', '1e3', '', ' 1', '99999999999999999999'])('%j is no whole number from 1', (text) => {
  expect(() => wholeNumber('--count', text)).toThrow(`flows: --count ${text}: expected a whole number from 1`);
});

test.each([
  [{ duplicates: '5,6' }, '--duplicates 5,6: expected one number of frames at most'],
  [{ duplicates: '5x' }, '--duplicates 5x: expected numbers of frames and one duration'],
  [{ snapshot: '7,1s,2s' }, '--snapshot 7,1s,2s: expected numbers of frames and one duration'],
  [{ snapshot: '' }, '--snapshot : expected numbers of frames and one duration'],
])('%j is no window', (options, message) => {
  expect(() => optionsLayer(options, registry)).toThrow(message);
});

test('options are a layer whose places are the options', () => {
  const layer = optionsLayer(
    {
      idleTimeout: '5s',
      key: 'addresses, ports',
      unidirectional: true,
      maxFlows: '10',
      direction: 'repair',
      reorder: '100ms',
      duplicates: '5,10ms',
      snapshot: '20,7, 10s',
      preset: ['basic'],
      feature: ['a=1'],
      where: 'x',
      decodeAs: ['udp.port==0x10,dns'],
      output: ['x.csv'],
    },
    registry,
  );
  expect(layer.value).toEqual({
    flow: {
      idleTimeout: '5s',
      key: ['addresses', 'ports'],
      bidirectional: false,
      maxFlows: 10,
      direction: 'repair',
      reorder: '100ms',
      duplicates: { frames: 5, time: '10ms' },
      snapshot: { frames: [20, 7], time: '10s' },
    },
    features: [{ preset: 'basic' }, { name: 'a', value: '1' }],
    where: 'x',
    decodeAs: [{ table: 'udp.port', number: 16, dissector: 'dns' }],
    sinks: [{ csv: { path: 'x.csv' } }],
  });
  expect(layer.where('/flow/idleTimeout').at).toBe('--idle-timeout');
  expect(layer.where('/flow/key/1').at).toBe('--key');
  expect(layer.where('/flow/snapshot/time').at).toBe('--snapshot');
  expect(layer.where('/features/1/value').at).toBe('--feature a');
  expect(layer.where('/decodeAs/0/table').at).toBe('--decode-as udp.port==0x10,dns');
  expect(layer.where('/sinks/0/csv/path').at).toBe('--output x.csv');
});
