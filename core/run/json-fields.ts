import type { Field, FieldOptions, Fields, Repeated } from '../declare/field.ts';
import { isNumeric } from '../declare/field.ts';
import * as kinds from '../declare/kinds.ts';
import { nearest } from '../expression/nearest.ts';
import type { FieldConfiguration } from './dissector-configuration.ts';

type Kind = (name: string, options?: FieldOptions) => Field;

/** What `type` may say, and the declaration it stands for. `flag` takes bits, `bytes` and `text` a length. */
export const FIELD_KINDS = {
  uint8: kinds.uint8,
  uint16: kinds.uint16,
  uint24: kinds.uint24,
  uint32: kinds.uint32,
  uint48: kinds.uint48,
  uint64: kinds.uint64,
  uint16le: kinds.uint16le,
  uint32le: kinds.uint32le,
  uint64le: kinds.uint64le,
  int8: kinds.int8,
  int16: kinds.int16,
  int24: kinds.int24,
  int32: kinds.int32,
  int64: kinds.int64,
  float32: kinds.float32,
  float64: kinds.float64,
  ipv4: kinds.ipv4,
  ipv6: kinds.ipv6,
  mac: kinds.mac,
  flag: kinds.flag,
  bytes: undefined,
  text: undefined,
} as const satisfies Readonly<Record<string, Kind | undefined>>;

/** Says what is wrong with an entry: its place below the entry, and words. */
export type Complain = (pointer: string, message: string, rest?: { expected?: string; suggestion?: string }) => void;

/** A header made of entries. */
export interface JsonHeader {
  readonly fields: Fields;
  /** Bytes of the fixed fields, unused bits at the end among them. */
  readonly size: number;
  /** Numbers that fields must have for the bytes to be this protocol. */
  readonly musts: readonly { readonly field: Field; readonly allowed: readonly number[] }[];
}

const optionsOf = ({ title, unit, display, scale, values, aliases }: FieldConfiguration): FieldOptions => ({
  ...(title === undefined ? {} : { title }),
  ...(unit === undefined ? {} : { unit }),
  ...(display === undefined ? {} : { display }),
  ...(scale === undefined ? {} : { scale }),
  ...(aliases === undefined ? {} : { aliases }),
  ...(values === undefined
    ? {}
    : { values: Object.fromEntries(Object.entries(values).map(([number, words]) => [Number(number), words])) }),
});

/** The field of an entry, without a place yet; undefined when something is wrong, which was said. */
function fieldOf(entry: FieldConfiguration, isLast: boolean, size: number, complain: Complain): Field | undefined {
  const { name, type, bits, length, unused } = entry;
  if (unused !== undefined) {
    if (Object.keys(entry).length === 1) return kinds.unused(unused);
    complain('/unused', 'stands beside other settings', { expected: 'nothing beside "unused"' });
    return undefined;
  }
  if (name === undefined) return void complain('', '"name" is missing');
  const options = optionsOf(entry);
  const isSpan = type === 'bytes' || type === 'text';
  if (length !== undefined && !isSpan)
    return void complain('/length', 'only bytes and text have a length', { expected: '"type": "bytes" or "text"' });
  if (bits !== undefined) {
    if (type === 'flag') return kinds.flag(name, options, bits);
    if (type === undefined) return kinds.bits(name, bits, options);
    return void complain('/bits', `a field of type ${type} has no bits`, { expected: 'either "type" or "bits"' });
  }
  if (type === undefined) return void complain('', '"type" is missing', { expected: '"type" or "bits"' });
  if (!isSpan) return (FIELD_KINDS as Record<string, Kind | undefined>)[type]?.(name, options);
  const kind = type === 'bytes' ? kinds.bytes : kinds.text;
  if (length !== undefined) return kind(name, length, options);
  if (!isLast) return void complain('', '"length" is missing', { expected: 'a length of all fields but the last' });
  return kinds.located(
    (_bytes, at, end) => (at + size < end ? at + size : -1),
    kind(name, (_bytes, at, end) => end - at, options),
  );
}

/** Bits an entry takes. */
function widthOf(entry: FieldConfiguration, field: Field): number {
  if (entry.unused !== undefined) return entry.unused;
  if (entry.bits !== undefined) return entry.bits;
  return entry.type === 'flag' ? 1 : field.size * 8;
}

/** Makes a header of entries, or says everything that is wrong with them. */
export function jsonHeader(entries: readonly FieldConfiguration[], complain: Complain): JsonHeader | undefined {
  const parts: Record<string, Field> = {};
  const seen = new Map<string, number>();
  let bits = 0;
  let run = 0;
  let faults = 0;
  const fault: Complain = (...words) => {
    faults += 1;
    complain(...words);
  };
  const endRun = (from: number): void => {
    if (run % 8 !== 0 || run > 32)
      fault(`/${from}`, `the bits from here fill ${run} bits`, { expected: 'whole bytes, 32 bits at most' });
    run = 0;
  };
  let runFrom = 0;
  for (const [i, entry] of entries.entries()) {
    const field = fieldOf(entry, i === entries.length - 1, bits / 8, (pointer, ...words) =>
      fault(`/${i}${pointer}`, ...words),
    );
    if (field === undefined) {
      run = 0; // what follows cannot be placed
      continue;
    }
    const isBits = entry.unused !== undefined || entry.bits !== undefined || entry.type === 'flag';
    if (!isBits) endRun(runFrom);
    else if (run === 0) runFrom = i;
    const width = widthOf(entry, field);
    bits += width;
    if (isBits) run = run + width <= 32 && (run + width) % 8 === 0 ? 0 : run + width;
    const before = seen.get(field.name);
    if (before !== undefined && field.name !== '')
      fault(`/${i}/name`, `"${field.name}" is already declared by fields[${before}]`);
    seen.set(field.name, i);
    parts[`field${i}`] = field;
  }
  endRun(runFrom);
  if (faults > 0) return undefined;
  const fields = kinds.header(parts);
  return { fields, size: bits / 8, musts: mustsOf(entries, fields, fault) };
}

function mustsOf(entries: readonly FieldConfiguration[], fields: Fields, complain: Complain): JsonHeader['musts'] {
  return entries.flatMap(({ equals }, i) => {
    const field = fields[`field${i}`] as Field | undefined;
    if (equals === undefined || field === undefined) return [];
    if (!isNumeric(field)) complain(`/${i}/equals`, `"${field.name}" is no number`, { expected: 'a field of numbers' });
    return [{ field, allowed: [equals].flat().map(Number) }];
  });
}

/** The field of a header with this name. */
export function headerField(fields: Fields, name: string, complain: Complain): Field | undefined {
  const all = Object.values(fields).filter((one: Field | Repeated): one is Field => one.kind === 'field');
  const found = all.find((one) => one.name === name);
  if (found === undefined) {
    const suggestion = nearest(
      name,
      all.map((one) => one.name),
    );
    complain('', `no such field "${name}"`, {
      expected: 'a field of this dissector',
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  } else if (!isNumeric(found)) complain('', `"${name}" is no number`, { expected: 'a field of numbers' });
  return found;
}
