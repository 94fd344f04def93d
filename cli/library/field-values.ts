import type { FieldEntry, Registry } from '../../core/declare/registry.ts';
import { PacketloomError } from '../../core/errors.ts';
import { nearest } from '../../core/expression/nearest.ts';
import type { Frame } from '../../core/frame/frame.ts';
import { fieldText } from '../../core/frame/text.ts';
import { collectIn, layersOf, Occurrences } from '../../core/frame/values.ts';

/**
 * A value of a field: numbers as numbers, flags as true or false, 64-bit numbers as bigint, addresses and text as text,
 * other bytes as hexadecimal digits; null where the frame has none.
 */
export type FieldValue = number | bigint | boolean | string | null;

/** Reads one wanted field out of the frame last walked: all its occurrences, in wire order. */
export type FieldReader = (frame: Frame, out: FieldValue[]) => void;

const found = new Occurrences();
const layers: number[] = [];

function readValue({ field }: FieldEntry, frame: Frame, i: number): FieldValue {
  const value = found.value[i]!;
  if (field.type === 'boolean') return value !== 0;
  if (field.type === 'uint' || field.type === 'int' || field.type === 'float') return value;
  const length = found.length[i]!;
  if (field.type === 'bytes' && length === 0) return '';
  const text = fieldText(field, frame, found.layer[i]!, found.place[i]!, length, value);
  return field.type === 'uint64' || field.type === 'int64' ? BigInt(text) : text;
}

/**
 * The reader of a field, or of all fields that share an alias.
 * @throws PacketloomError `usage` for a name that no field has.
 */
export function fieldReader(
  registry: Registry,
  name: string,
): { readonly entries: readonly FieldEntry[]; readonly read: FieldReader } {
  const entries = registry.fields.get(name);
  if (entries === undefined) {
    const suggestion = nearest(name, registry.fields.keys());
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
    throw new PacketloomError('usage', `fields: no such field "${name}"${hint}`);
  }
  const read: FieldReader = (frame, out) => {
    for (const entry of entries) {
      const count = layersOf(frame, entry.dissector.id, true, layers);
      for (let i = 0; i < count; i += 1) {
        found.count = 0;
        collectIn(entry.field, entry.path, frame, layers[i]!, found);
        for (let j = 0; j < found.count; j += 1) out.push(readValue(entry, frame, j));
      }
    }
  };
  return { entries, read };
}
