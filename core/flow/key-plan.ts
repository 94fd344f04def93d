import { isSpan } from '../declare/field.ts';
import type { FieldEntry, Registry } from '../declare/registry.ts';
import { PacketloomError } from '../errors.ts';
import { BASE_WORDS, FIELD_WORDS } from './key-words.ts';

/** What a configuration's `key` means. */
export interface KeyPlan {
  readonly addresses: boolean;
  readonly protocol: boolean;
  readonly ports: boolean;
  readonly bidirectional: boolean;
  readonly fields: readonly KeyField[];
  /** 32-bit words of a key. */
  readonly words: number;
}

/** A field of the key, with the field that takes its place in the other direction. */
export interface KeyField {
  readonly name: string;
  readonly entry: FieldEntry;
  /** Index in `fields` of the other half of a pair; its own for a symmetric field. */
  readonly other: number;
  /** The value is a text, bytes or an address. */
  readonly span: boolean;
}

/**
 * Reads a configuration's `key`.
 * @throws PacketloomError `configuration` for an unknown field, or one that may not join a bidirectional key.
 */
export function planKey(registry: Registry, key: readonly string[], bidirectional: boolean): KeyPlan {
  const names = key.filter((name) => name !== 'addresses' && name !== 'protocol' && name !== 'ports');
  const fields = names.map((name): KeyField => {
    const entry = registry.fields.get(name)?.[0];
    if (entry === undefined) throw new PacketloomError('configuration', `flow.key: there is no field "${name}"`);
    const { pairs, symmetric } = entry.dissector.key;
    const pair = pairs.find((one) => one.includes(name));
    if (pair !== undefined) {
      const mate = pair[0] === name ? pair[1] : pair[0];
      const other = names.indexOf(mate);
      if (bidirectional && other < 0) {
        throw new PacketloomError(
          'configuration',
          `flow.key: "${name}" needs "${mate}" beside it in a bidirectional key`,
        );
      }
      return { name, entry, other: other < 0 ? names.indexOf(name) : other, span: isSpan(entry.field) };
    }
    if (bidirectional && !symmetric.includes(name)) {
      throw new PacketloomError(
        'configuration',
        `flow.key: "${name}" differs between the two directions: use it with "bidirectional": false`,
      );
    }
    return { name, entry, other: names.indexOf(name), span: isSpan(entry.field) };
  });
  return {
    addresses: key.includes('addresses'),
    protocol: key.includes('protocol'),
    ports: key.includes('ports'),
    bidirectional,
    fields,
    words: BASE_WORDS + FIELD_WORDS * fields.length,
  };
}
