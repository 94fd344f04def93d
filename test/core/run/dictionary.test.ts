import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/declare/registry.ts';
import { expandFeatures } from '../../../core/expression/expand.ts';
import { type FeatureRequest, readProgram } from '../../../core/expression/read.ts';
import { type DictionaryEntry, dictionaryColumns, dictionaryCsv } from '../../../core/run/dictionary.ts';
import { standard } from '../../../plugins/standard.ts';

const registry = createRegistry([standard]);

/** The dictionary of a run with these features. */
function entries(requests: readonly FeatureRequest[]): DictionaryEntry[] {
  const { outputs } = readProgram({ registry, features: requests, keyFields: [] });
  return dictionaryColumns(
    registry,
    requests,
    outputs.flatMap(({ columns }) => columns),
  );
}

const ask = (name: string, value?: string): FeatureRequest =>
  value === undefined ? { name, at: name, feature: name } : { name, at: name, value };

describe('an entry', () => {
  it('of a named feature is its declaration', () => {
    expect(entries([ask('fwd_bytes')])).toEqual([
      {
        name: 'fwd_bytes',
        type: 'number',
        unit: 'bytes',
        description: registry.features.get('fwd_bytes')!.description,
        basis: ['frame.len', 'forward'],
        estimator: { sum: registry.aggregates.get('sum')!.estimator },
        empty: { sum: 'of nothing 0' },
        expression: 'sum(frame.len, forward)',
        feature: 'fwd_bytes',
      },
    ]);
  });

  it('of code has the basis of its inputs, and its own estimator and rule for nothing', () => {
    const [entry] = entries([ask('fwd_bulk_bytes_mean')]);
    expect(entry).toMatchObject({ unit: 'bytes', expression: null, basis: ['time', 'payload.length', 'forward'] });
    expect(entry!.estimator.fwd_bulk_bytes_mean).toMatch(/^exact/);
    expect(entry!.empty.fwd_bulk_bytes_mean).toBe('without a bulk empty');
  });

  it('of an expression takes the sentence of the feature that says the same, or of its aggregate', () => {
    const [same, own, ratio, constant] = entries([
      ask('a', 'sum( frame.len,forward )'),
      ask('b', 'default(max(frame.len, index < 3), 0)'),
      ask('c', 'frames / duration'),
      ask('d', '"x"'),
    ]);
    expect(same!.description).toBe(registry.features.get('fwd_bytes')!.description);
    expect(own!.description).toBe('Largest value: frame.len, index < 3. Where that is empty: 0.');
    expect(own!.empty).toMatchObject({ default: 'the second value where the first is empty' });
    expect(ratio!.empty).toMatchObject({ '/': 'empty for a divisor of 0' });
    expect(constant!.description).toBe('Always "x".');
  });

  it('stands for each column of a list', () => {
    const all = entries([ask('first_payload_lens'), ask('x_1', 'count()')]);
    expect(all.map(({ name }) => name)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => `first_payload_lens_${i + 1}`),
      'x_1',
    ]);
    expect(all[19]).toMatchObject({ feature: 'first_payload_lens', unit: 'bytes' });
    expect(all[20]).toMatchObject({ feature: null, expression: 'count()' });
  });

  it('of the key says when it is empty', () => {
    expect(entries([ask('src_port')])[0]!.empty).toEqual({ src_port: 'empty for protocols without ports' });
    expect(entries([ask('port', 'src_port')])[0]!.empty).toEqual({ src_port: 'empty for protocols without ports' });
    expect(entries([ask('start')])[0]).toMatchObject({ type: 'time', unit: 's', empty: { start: 'never empty' } });
  });
});

it.each([...registry.features.keys()])('the feature %s states all of it', (name) => {
  for (const entry of entries([ask(name)])) {
    expect(entry.description).toMatch(/^[A-Z].*\.$/);
    expect(entry.basis.length).toBeGreaterThan(0);
    for (const rules of [entry.estimator, entry.empty]) {
      expect(Object.keys(rules).length).toBeGreaterThan(0);
      for (const rule of Object.values(rules)) expect(rule).not.toBe('');
    }
  }
});

it.each([...registry.presets.keys()])('every column of the preset %s states all of it', (preset) => {
  for (const entry of entries(expandFeatures(registry, [{ at: 'x', preset }]))) {
    expect([entry.name, entry.description]).toEqual([entry.name, expect.stringMatching(/^[A-Z].*\.$/s)]);
    expect(Object.keys(entry.estimator).length).toBeGreaterThan(0);
    expect(Object.keys(entry.empty).length).toBeGreaterThan(0);
  }
});

it('CSV says the same as JSON, a line for each column', () => {
  const columns = entries([ask('fwd_bulks'), ask('x,"y"', 'mean(frame.len) / duration')]);
  const { description } = registry.features.get('fwd_bulks')!;
  expect(dictionaryCsv({ schema: 1, version: '0', configuration: '', columns }).split('\n')).toEqual([
    'name,type,unit,basis,estimator,empty,description,expression,feature',
    `fwd_bulks,number,,time payload.length forward,exact; 16 numbers per flow for all features of bulks,without a bulk 0,"${description}",,fwd_bulks`,
    '"x,""y""",number,bytes/s,frame.len duration,sum / count,"mean: of nothing empty, of one value itself; /: empty for a divisor of 0",Computed as mean(frame.len) / duration.,mean(frame.len) / duration,',
    '',
  ]);
});
