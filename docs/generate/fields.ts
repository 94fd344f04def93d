import type { Field, Fields, Repeated } from '../../core/declare/field.ts';
import { code, row } from './markdown.ts';

/** Names of values that are printed; of longer tables only the number of names. */
const MOST_NAMES = 6;

const TYPES: Readonly<Record<string, string>> = {
  uint: 'unsigned',
  int: 'signed',
  uint64: 'unsigned',
  int64: 'signed',
};

/** Bits that a mask takes. */
const bitsIn = (mask: number): number => mask.toString(2).replaceAll('0', '').length;

/** What kind of value it is, and how many bits or bytes it takes where that is fixed. */
function typeOf({ type, size, mask, generated, littleEndian, measure }: Field): string {
  const word = TYPES[type] ?? type;
  const fixed = /^(ipv4|ipv6|mac|boolean)$/.test(type) || measure !== undefined || size === 0;
  const width = mask !== 0 && type !== 'boolean' ? ` ${bitsIn(mask)} bits` : fixed ? '' : ` ${8 * size} bits`;
  return `${word}${type === 'bytes' || type === 'text' ? width.replace(/ (\d+) bits/, (_, n) => ` ${n / 8} bytes`) : width}${
    littleEndian ? ', least significant byte first' : ''
  }${generated ? ', derived' : ''}`;
}

/** Where it lies in its header or item, where that is fixed. */
function placeOf({ offset, mask, shift, size, locate, compute }: Field): string {
  if (locate !== undefined || compute !== undefined || offset < 0) return '';
  return mask === 0 ? String(offset) : `${offset} & 0x${((mask << shift) >>> 0).toString(16).padStart(2 * size, '0')}`;
}

function valuesOf({ values }: Field): string {
  if (values === undefined) return '';
  const all = Object.entries(values);
  if (all.length > MOST_NAMES) return `${all.length} names`;
  return all.map(([number, name]) => `${number} ${name}`).join('; ');
}

function detailsOf(field: Field): string {
  const { title, unit, scale, aliases } = field;
  return [
    title,
    unit === undefined ? '' : `in ${unit}`,
    scale === 1 ? '' : `times ${scale}`,
    valuesOf(field),
    aliases.length === 0 ? '' : `also ${aliases.map(code).join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** A field declared twice with the same words is one line. */
function linesOf(fields: Fields, lists: readonly Repeated[]): string[] {
  const depth = lists.map(({ title }) => title).join(' > ');
  return Object.values(fields).flatMap((field) => {
    if (field.kind === 'repeated') return linesOf(field.item, [...lists, field]);
    return [
      row(
        code(field.name),
        typeOf(field),
        depth === '' ? placeOf(field) : `${depth} ${placeOf(field)}`.trim(),
        detailsOf(field),
      ),
    ];
  });
}

/** The fields of a dissector as a table, in wire order; those of lists behind the lists' names. */
export function fieldTable(fields: Fields): string {
  const lines = [...new Set(linesOf(fields, []))];
  return [row('field', 'type', 'byte', 'meaning'), row('---', '---', '---', '---'), ...lines].join('\n');
}

/** All names of fields of a dissector, each once. */
export function fieldNames(fields: Fields): string[] {
  const names = Object.values(fields).flatMap((one) => (one.kind === 'repeated' ? fieldNames(one.item) : [one.name]));
  return [...new Set(names)];
}
