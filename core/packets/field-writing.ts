import { type Field, isNumeric, isSpan } from '../declare/field.ts';
import { constantOf } from './constants.ts';

// How the value is written.
export const DECIMAL = 0;
export const HEX = 1;
export const MAC = 2;
export const IPV4 = 3;
export const IPV6 = 4;
export const BYTES = 5;
export const TEXT = 6;
export const OTHER = 7;

// How the text for people is made of it.
export const SAME = 0;
export const NAMED = 1;
export const BOTH_BASES = 2;
export const ANY = 3;

/** Numbers up to here have the begin of their field ready, and fields up to this offset their end. */
export const READY = 2048;

/** The ends of all fields of one size and mask. */
interface FieldEnds {
  /** Constants by offset, 0 for not made yet. */
  readonly ready: Int32Array;
  /** What stands behind the length. */
  readonly closing: number;
}

/** What is known of a field before any value of it comes. */
export interface FieldWriting {
  readonly field: Field;
  /** Begin of the object up to the value. */
  readonly head: string;
  readonly headConstant: number;
  readonly value: number;
  readonly display: number;
  /** Behind the text for people: text, and as a constant. */
  readonly unit: string;
  readonly unitConstant: number;
  readonly names: ReadonlyMap<number, { readonly text: string; readonly constant: number }>;
  /** Values below this have their begin ready; 0 for none. */
  readonly most: number;
  /** Constants by value, 0 for not made yet; empty until the first value comes. */
  heads: Int32Array;
  readonly ends: FieldEnds;
}

export const EMPTY = new Int32Array(0);

/** The inside of a JSON string. */
const inside = (text: string): string => JSON.stringify(text).slice(1, -1);

function valueKind({ type, format, display, scale }: Field): number {
  if (format !== undefined) return OTHER;
  if (type === 'uint' && Number.isInteger(scale))
    return display === 'hex' ? HEX : display === 'octal' ? OTHER : DECIMAL;
  return { mac: MAC, ipv4: IPV4, ipv6: IPV6, bytes: BYTES, text: TEXT }[type as string] ?? OTHER;
}

function displayKind(field: Field): number {
  const { values, display, type, scale } = field;
  if (isSpan(field) || (values === undefined && display !== 'decimal-hex')) return SAME;
  if (display !== 'decimal-hex') return isNumeric(field) ? NAMED : ANY;
  return values === undefined && type === 'uint' && Number.isInteger(scale) ? BOTH_BASES : ANY;
}

/** What stands behind the length of a field. */
export const closingText = ({ mask, shift }: Field): string => (mask === 0 ? '}' : `,"mask":${(mask << shift) >>> 0}}`);

const knownEnds = new Map<string, FieldEnds>();

function endsOf(field: Field): FieldEnds {
  const closing = closingText(field);
  const key = `${field.size}${closing}`;
  let ends = knownEnds.get(key);
  if (ends === undefined) {
    ends = { ready: new Int32Array(READY), closing: constantOf(closing) };
    knownEnds.set(key, ends);
  }
  return ends;
}

const said = (text: string) => ({ text, constant: constantOf(text) });

/** Prepares the writing of a field. */
export function prepareField(field: Field): FieldWriting {
  const { name, type, format, values = {}, unit } = field;
  const head = `,{"name":${JSON.stringify(name)},"value":"`;
  const behind = unit === undefined ? '' : inside(` ${unit}`);
  const ready = format === undefined && (type === 'boolean' || (type === 'uint' && Number.isInteger(field.scale)));
  return {
    field,
    head,
    headConstant: constantOf(head),
    value: valueKind(field),
    display: displayKind(field),
    unit: behind,
    unitConstant: constantOf(behind),
    names: new Map(Object.entries(values).map(([value, text]) => [Number(value), said(`${inside(text)} (`)])),
    most: ready ? (type === 'boolean' ? 2 : READY) : 0,
    heads: EMPTY,
    ends: endsOf(field),
  };
}
