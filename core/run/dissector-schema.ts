import type { Registry } from '../declare/registry.ts';
import { FIELD_KINDS } from './json-fields.ts';
import type { Schema } from './schema.ts';

/** A number, which JSON knows in decimal only: `34997` or `"0x88b5"`. */
const number: Schema = { type: ['integer', 'string'], minimum: 0, pattern: '^0x[0-9a-fA-F]+$' };
const NUMBER = 'A whole number, or a text such as 0x88b5';

const text = (description: string): Schema => ({ type: 'string', pattern: '.', description });

const field: Schema = {
  type: 'object',
  description: 'A field of the header: the next bytes, or the next bits of bytes.',
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-z0-9_-]+(\\.[A-Za-z0-9_-]+)+$',
      description: 'A name such as sensor.value; starts with the protocol.',
    },
    type: { type: 'string', enum: Object.keys(FIELD_KINDS), description: 'What the bytes are.' },
    bits: {
      type: 'integer',
      minimum: 1,
      maximum: 32,
      description: 'Bits that follow the bits before them, most significant first; together they fill whole bytes.',
    },
    length: { type: 'integer', minimum: 1, description: 'Bytes of a text or of bytes; the last field may do without.' },
    unused: { type: 'integer', minimum: 1, maximum: 32, description: 'Bits that mean nothing, instead of a field.' },
    title: text('Words for people.'),
    unit: text('Unit of the value: bytes, ms, bit/s.'),
    display: {
      type: 'string',
      enum: ['decimal', 'hex', 'octal', 'decimal-hex'],
      description: 'How the number is shown.',
    },
    scale: { type: 'number', exclusiveMinimum: 0, description: 'The number on the wire is multiplied by this.' },
    values: {
      type: 'object',
      description: 'Texts for numbers, for display.',
      propertyNames: { pattern: '^([0-9]+|0x[0-9a-fA-F]+)$', description: 'a number such as 17 or 0x11' },
      additionalProperties: text('What the number means.'),
    },
    aliases: { type: 'array', items: text('A name.'), description: 'Other names that hold this value too.' },
    equals: {
      type: ['integer', 'string', 'array'],
      minimum: 0,
      pattern: '^0x[0-9a-fA-F]+$',
      items: { ...number, description: `${NUMBER}.` },
      description: `${NUMBER}, or a list: other bytes are not this protocol.`,
    },
  },
};

const place = (description: string, names: Iterable<string> | undefined): Schema => ({
  description,
  type: 'string',
  ...(names === undefined ? {} : { anyOf: [{ enum: [...names] }, { type: 'string' }] }),
});

/** JSON Schema of `dissectors` in a configuration. With a registry, editors complete the names of its tables. */
export function dissectorsSchema(registry?: Registry): Schema {
  const tables = registry?.tables.keys();
  const names = tables === undefined ? undefined : [...tables];
  return {
    type: 'array',
    description: 'Protocols with a fixed header, as dissectors.',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'title', 'fields'],
      properties: {
        name: {
          type: 'string',
          pattern: '^[a-z0-9_.-]+$',
          description: 'A short name in small letters, as it stands in frame.protocols.',
        },
        title: text('The protocol in words.'),
        level: {
          type: 'string',
          enum: ['link', 'network', 'transport', 'tunnel', 'application'],
          description: 'Where it stands; an application (default) runs only where something of it is asked for.',
        },
        claims: {
          type: 'array',
          description: 'Numbers in tables that lead here.',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['table', 'number'],
            properties: {
              table: place('A dispatch table, such as udp.port.', names),
              number: { ...number, description: `${NUMBER}.` },
            },
          },
        },
        fields: { type: 'array', minItems: 1, items: field, description: 'The header, in wire order.' },
        next: {
          type: 'object',
          description: 'What follows the header: the number of a field is looked up in a table.',
          additionalProperties: false,
          required: ['table', 'field'],
          properties: { table: place('A dispatch table, such as ethertype.', names), field: text('A field above.') },
        },
      },
    },
  };
}
