import { expect, test } from 'vitest';
import { createRegistry } from '../../core/declare/registry.ts';
import { compileProgram } from '../../core/expression/compile.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import { frameColumns } from '../../core/flow/stage.ts';
import { applications } from '../../dissectors/applications.ts';
import { carriers } from '../../dissectors/carriers.ts';
import { carrying } from '../../plugins/carrying.ts';
import { standard } from '../../plugins/standard.ts';

test('what carries is told from what is carried by the level', () => {
  expect(carriers.filter(({ level }) => level === 'application')).toEqual([]);
  expect(applications.filter(({ level }) => level !== 'application')).toEqual([]);
});

test.each(standard.presets.map(({ name }) => name))('the preset %s asks for no application', (preset) => {
  const columns = [carrying, standard].map((plugin) => {
    const registry = createRegistry([plugin]);
    const features = expandFeatures(registry, [{ preset, at: preset, name: preset }]);
    return compileProgram({ registry, features, keyFields: [], columns: frameColumns(8), capacity: 8 }).columns;
  });
  expect(columns[0]).toEqual(columns[1]);
});
