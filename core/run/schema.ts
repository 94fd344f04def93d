import type { Registry } from '../declare/registry.ts';
import type { Sink } from '../declare/sink.ts';
import { dissectorsSchema } from './dissector-schema.ts';
import { DURATION_PATTERN } from './duration.ts';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

const duration = (description: string): Schema => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  description: `${description} A duration: 250ms, 120s, 30m, 1h.`,
});

/** A name out of a list; the list is left out where only the shape is checked. */
const nameOf = (description: string, names: Iterable<string> | undefined): Schema => ({
  type: 'string',
  description,
  ...(names === undefined ? {} : { enum: [...names] }),
});

/** Fields that a flow key may hold: paired by direction, or the same both ways. */
export function keyFields(registry: Registry): string[] {
  const dissectors = [...registry.dissectors.values()];
  // Dissectors of one family may share fields.
  return [...new Set(dissectors.flatMap(({ key }) => [...key.pairs.flat(), ...key.symmetric]))];
}

/** Words of a flow key that are no fields. */
export const KEY_WORDS = ['addresses', 'protocol', 'ports'] as const;

function flowSchema(registry: Registry, names: boolean): Schema {
  const key: Schema = names
    ? { anyOf: [{ enum: [...KEY_WORDS, ...keyFields(registry)] }, { type: 'string' }] }
    : { type: 'string' };
  return {
    type: 'object',
    description: 'How frames become flows.',
    additionalProperties: false,
    properties: {
      key: { type: 'array', minItems: 1, items: key, description: 'addresses, protocol, ports, and names of fields.' },
      bidirectional: { type: 'boolean', description: 'Both directions are one flow (default).' },
      idleTimeout: duration('A flow without a frame for this long has ended (default 120s).'),
      activeTimeout: duration('A flow that has lasted this long is cut into another segment (default 30m).'),
      tcpLinger: duration('How long a TCP flow that has ended still takes frames (default 5s).'),
      clockStep: duration('A frame this far behind the run clock is a step of the clock (default 10s).'),
      maxFlows: { type: 'integer', minimum: 1, description: 'Flows at most at one time (default 1000000).' },
      disorder: {
        type: 'string',
        enum: ['clamp', 'drop'],
        description: 'A frame behind the run clock is moved up to the last frame of its flow, or skipped.',
      },
    },
  };
}

const list: Schema = {
  type: 'string',
  enum: ['columns', 'text'],
  description: 'A list in a column for each item (default), or in one text column.',
};
const unit: Schema = { type: 'string', description: 'Unit to convert to: ms, bit/s.' };

function featureSchema(registry: Registry, names: boolean): Schema {
  const known = <T>(map: ReadonlyMap<string, T>) => (names ? map.keys() : undefined);
  const column = { type: 'string', pattern: '.', description: 'Name of the column.' };
  const feature = nameOf('A named feature.', known(registry.features));
  return {
    // Not a choice of shapes (oneOf): the condition says which one was meant, so that a fault names one place.
    type: ['string', 'object'],
    description: 'A named feature, an expression under a name of your own, or the columns of a preset.',
    ...(names ? { anyOf: [feature, { type: 'object' }] } : {}),
    if: { type: 'object', required: ['preset'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { additionalProperties: false, properties: { preset: nameOf('A preset.', known(registry.presets)) } },
    else: {
      if: { type: 'object', required: ['feature'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { additionalProperties: false, properties: { name: column, feature, unit, list } },
      else: {
        required: ['name', 'value'],
        additionalProperties: false,
        properties: {
          name: column,
          value: { type: 'string', description: 'An expression at flow level.' },
          unit,
          list,
        },
      },
    },
  };
}

function sinkSchema({ options, description }: Sink): Schema {
  const { properties, required, ...rest } = options as { properties?: Schema; required?: readonly string[] } & Schema;
  return {
    ...rest,
    type: 'object',
    description,
    required: ['path', ...(required ?? [])],
    properties: {
      path: { type: 'string', pattern: '.', description: 'Where to: a path, a URL, or - for standard output.' },
      ...properties,
    },
  };
}

/**
 * JSON Schema (draft-07) of the configuration, from what is registered.
 * @param names with the names of features, presets and fields, for editors; without, only the shape, which is the same
 * for every registry with the same sinks.
 */
export function configurationSchema(registry: Registry, names = true): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Packetloom configuration',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'For editors.' },
      plugins: {
        type: 'array',
        items: { type: 'string', pattern: '.' },
        description: 'Plugins by path (from this file) or package.',
      },
      dissectors: dissectorsSchema(names ? registry : undefined),
      flow: flowSchema(registry, names),
      features: { type: 'array', items: featureSchema(registry, names), description: 'Columns, in order.' },
      where: { type: 'string', description: 'Only frames for which this expression over fields holds.' },
      keep: { type: 'string', description: 'Only flows for which this expression at flow level holds.' },
      sinks: {
        type: 'array',
        description: 'Where rows go; CSV on standard output where none is given.',
        items: {
          type: 'object',
          minProperties: 1,
          maxProperties: 1,
          additionalProperties: false,
          properties: Object.fromEntries([...registry.sinks.values()].map((sink) => [sink.name, sinkSchema(sink)])),
        },
      },
      precision: {
        type: 'string',
        enum: ['twelve', 'full'],
        description: 'Digits of numbers: twelve significant ones (default), or as many as read back the same.',
      },
      decodeAs: {
        type: 'array',
        description: 'Numbers of dispatch tables that lead to a dissector, before all others.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['table', 'number', 'dissector'],
          properties: {
            table: nameOf('A dispatch table.', names ? registry.tables.keys() : undefined),
            number: { type: 'integer', minimum: 0 },
            dissector: nameOf('A dissector.', names ? registry.dissectors.keys() : undefined),
          },
        },
      },
      validate: {
        type: 'string',
        enum: ['demanded', 'all'],
        description: 'Anomalies above the transport layer: where a layer is demanded (default), or everywhere.',
      },
    },
  };
}
