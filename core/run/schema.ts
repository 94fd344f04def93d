import type { Feature, Preset } from '../declare/feature.ts';
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

/** A name of something declared, each with its sentence and expression, as editors show them. */
const declaredName = (description: string, declared: Iterable<Feature | Preset>): Schema => ({
  type: 'string',
  description,
  anyOf: Array.from(declared, (one) => ({
    const: one.name,
    description: 'value' in one && one.value !== one.name ? `${one.description} = ${one.value}` : one.description,
  })),
});

/** The same in one place, for a schema with names; without names any text will do. */
const reference = (name: 'feature' | 'preset', names: boolean): Schema =>
  names ? { $ref: `#/definitions/${name}` } : nameOf(`A ${name === 'feature' ? 'named feature' : name}.`, undefined);

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
      tunnels: {
        type: 'string',
        enum: ['inner', 'outer', 'both'],
        description:
          'Flows of the innermost packets of frames with tunnels (default), of the outermost, or of both, told apart by level.',
      },
      maxFragments: {
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000,
        description:
          'IP packets at one time whose fragments join the flow of their first one, and fragments that wait for it (default 4096; 0: fragments are not joined).',
      },
      fragmentTimeout: duration(
        'How long fragments of one packet belong together, and wait for the first (default 30s).',
      ),
      nonIp: {
        type: 'boolean',
        description: 'Frames that are not IP are flows of their link addresses and Ethertype (default: skipped).',
      },
      homeNetworks: {
        type: 'array',
        items: { type: 'string' },
        description: 'Addresses and prefixes of the inside (10.0.0.0/8), for src_home, dst_home and flow_direction.',
      },
      communityIdSeed: {
        type: 'integer',
        minimum: 0,
        maximum: 65_535,
        description: 'Seed of community_id (default 0).',
      },
      direction: {
        type: 'string',
        enum: ['first', 'repair'],
        description:
          'The source of a flow is the sender of its first frame (default); or, where that frame is a SYN+ACK or comes from a well-known port, its receiver.',
      },
      reorder: duration('Frames up to this late are put in order of time (default 0s: none).'),
      duplicates: {
        type: 'object',
        description: 'A frame equal to an earlier one in this window is skipped.',
        additionalProperties: false,
        properties: {
          frames: {
            type: 'integer',
            minimum: 2,
            maximum: 1_000_000,
            description: 'Frames, the frame itself counted.',
          },
          time: duration('How far back in packet time.'),
        },
      },
      snapshot: {
        type: 'object',
        description: 'Rows of flows that go on, as they stand at these points.',
        additionalProperties: false,
        properties: {
          frames: {
            type: 'array',
            minItems: 1,
            items: { type: 'integer', minimum: 1 },
            description: 'After so many frames.',
          },
          time: duration('Whenever so much time of the flow is over.'),
        },
      },
      sampling: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000_000,
        description: 'One of this many frames is used, the others are skipped (default 1: all are used).',
      },
      sampled: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000_000,
        description:
          'One of this many frames was left when the traffic got here, by a sampling switch or mirror (default 1).',
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

const options: Schema = {
  type: 'object',
  additionalProperties: { type: ['integer', 'boolean'] },
  description: 'Settings of the preset that change its columns.',
};

function featureSchema(names: boolean): Schema {
  const column = { type: 'string', pattern: '.', description: 'Name of the column.' };
  const feature = reference('feature', names);
  return {
    // Not a choice of shapes (oneOf): the condition says which one was meant, so that a fault names one place.
    type: ['string', 'object'],
    description: 'A named feature, an expression under a name of your own, or the columns of a preset.',
    ...(names ? { anyOf: [feature, { type: 'object' }] } : {}),
    if: { type: 'object', required: ['preset'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      additionalProperties: false,
      properties: { preset: reference('preset', names), options },
    },
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

/** Rules that join labels onto rows. */
const labels: Schema = {
  type: 'object',
  description: 'Labels joined onto rows: the first rule that fits a flow gives its label.',
  additionalProperties: false,
  properties: {
    rules: {
      type: ['string', 'array'],
      pattern: '.',
      items: { type: 'object' },
      description: 'A CSV or JSON file (from this file), or the rules: src_ip, dst_port, protocol, from, to, label ...',
    },
    default: { type: 'string', description: 'Label of flows that no rule fits (default: none).' },
    time: {
      type: 'string',
      enum: ['start', 'overlap'],
      description: "What lies in a rule's time range: the start of the row (default), or any moment of it.",
    },
  },
};

function sinkSchema({ options, description }: Sink): Schema {
  const { properties, required, ...rest } = options as { properties?: Schema; required?: readonly string[] } & Schema;
  return {
    ...rest,
    type: 'object',
    description,
    required: ['path', ...(required ?? [])],
    properties: {
      path: { type: 'string', pattern: '.', description: 'Where to: a path, a URL, or - for standard output.' },
      columns: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', pattern: '.' },
        description: 'Names of columns of the run, in the order wanted; all of them where this is absent.',
      },
      keep: {
        type: 'string',
        pattern: '.',
        description: 'Only flows for which this expression at flow level holds go to this output.',
      },
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
    definitions: {
      ...(names
        ? {
            feature: declaredName('A named feature.', registry.features.values()),
            preset: declaredName('A preset.', registry.presets.values()),
          }
        : {}),
      // Each on its own: only those that a configuration uses are compiled, at every start.
      ...Object.fromEntries([...registry.sinks.values()].map((sink) => [`sink.${sink.name}`, sinkSchema(sink)])),
    },
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
      features: { type: 'array', items: featureSchema(names), description: 'Columns, in order.' },
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
          properties: Object.fromEntries(
            Array.from(registry.sinks.keys(), (name) => [name, { $ref: `#/definitions/sink.${name}` }]),
          ),
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
      compatibility: {
        type: 'string',
        enum: ['corrected', 'exact'],
        description:
          'Where the tool that a preset follows is wrong the preset is right (default), or its flows and formulas are reproduced as they are.',
      },
      labels,
      anonymize: {
        type: 'string',
        pattern: '.',
        description: 'Addresses are anonymised under this key: a file with 32 bytes or 64 hex digits, or env:NAME.',
      },
      validate: {
        type: 'string',
        enum: ['demanded', 'all'],
        description: 'Anomalies above the transport layer: where a layer is demanded (default), or everywhere.',
      },
    },
  };
}
