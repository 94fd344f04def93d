import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { definePlugin } from '../../../core/declare/plugin.ts';
import { createRegistry } from '../../../core/declare/registry.ts';
import { defineSink } from '../../../core/declare/sink.ts';
import { configurationSchema } from '../../../core/run/schema.ts';
import { AJV_OPTIONS, shapeCheck } from '../../../core/run/validate.ts';
import { standard } from '../../../plugins/standard.ts';

const registry = createRegistry([standard]);
const printed = new Ajv(AJV_OPTIONS).compile(configurationSchema(registry));

/** The configuration that the design shows, with a preset that exists. */
const design = {
  $schema: './packetloom.schema.json',
  flow: { key: ['addresses', 'protocol', 'ports'], bidirectional: true, idleTimeout: '120s', activeTimeout: '30m' },
  features: [
    { name: 'fwd_len_mean', value: 'mean(network.length, forward)' },
    { name: 'fwd_iat_std', value: 'stddev(gap(time), forward)', unit: 'ms' },
    { preset: 'statistical' },
  ],
  sinks: [{ csv: { path: 'flows.csv' } }],
};

describe('the schema that is printed', () => {
  test('is a JSON Schema, and takes what the design shows', () => {
    expect(printed(design)).toBe(true);
  });

  test.each([
    ['a preset', { features: [{ preset: 'basc' }] }],
    ['a feature', { features: ['no.such.feature'] }],
    ['a sink', { sinks: [{ cvs: { path: 'x' } }] }],
    ['a table', { decodeAs: [{ table: 'udp.prt', number: 1, dissector: 'udp' }] }],
    ['a setting', { flows: {} }],
  ])('refuses the wrong name of %s', (_, value) => {
    expect(printed(value)).toBe(false);
  });

  test('has the names of everything that is registered, for editors', () => {
    const text = JSON.stringify(configurationSchema(registry));
    const names = [
      ...registry.features.keys(),
      ...registry.presets.keys(),
      ...registry.sinks.keys(),
      ...registry.tables.keys(),
    ];
    expect(names.filter((name) => !text.includes(JSON.stringify(name)))).toEqual([]);
  });

  test('accepts nothing that the check of the shape refuses', async () => {
    const check = await shapeCheck(registry);
    const values = [
      design,
      {},
      [],
      null,
      { features: [1] },
      { features: [{}] },
      { features: [{ name: 'a' }] },
      { features: [{ preset: 'basic', unit: 's' }] },
      { features: [{ feature: 'duration', list: 'rows' }] },
      { flow: { idleTimeout: 5 } },
      { flow: { maxFlows: 1.5 } },
      { flow: { disorder: 'panic' } },
      { sinks: [{}] },
      { sinks: [{ csv: { path: '' } }] },
      { sinks: [{ csv: { path: 'a' }, jsonl: { path: 'b' } }] },
      { validate: true },
    ];
    const disagree = values.filter((value) => (check(value).length === 0) !== printed(value));
    expect(disagree).toEqual([]);
    expect(values.filter((value) => check(value).length === 0)).toEqual([design, {}]);
  });
});

test('a sink whose options are no schema is a fault of the plugin', async () => {
  const sink = defineSink({
    name: 'odd',
    description: '',
    options: { type: 'object', properties: { a: { type: 'colour' } } },
    open: () => Promise.reject(new Error('never opened')),
  });
  const broken = createRegistry([definePlugin({ name: 'odd', sinks: [sink] })]);
  await expect(shapeCheck(broken)).rejects.toMatchObject({ code: 'plugin' });
});
