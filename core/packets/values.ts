import type { Field } from '../declare/field.ts';
import { Code } from '../expression/code.ts';
import type { Frame } from '../frame/frame.ts';
import { fieldText } from '../frame/text.ts';
import type { Cursor } from './cursor.ts';
import type { FrameField } from './frame-fields.ts';
import type { Protocols } from './protocols.ts';
import { occurrencesCode } from './read-code.ts';
import type { Occurrence } from './row.ts';
import type { PacketColumn } from './selection.ts';

/**
 * A value of a field: numbers as numbers, flags as true or false, 64-bit numbers as bigint, addresses and text as text,
 * other bytes as hexadecimal digits; null where the frame has none.
 */
export type FieldValue = number | bigint | boolean | string | null;

/** How the values of a frame are given. */
export interface ValueLayout {
  readonly occurrence: Occurrence;
  /** Times as numbers of seconds, or as exact text with nine decimals. */
  readonly times: 'number' | 'text';
  readonly protocols: Protocols;
}

/** The values of a row, one for each column: a list of them for each column where all occurrences are wanted. */
export type ReadRow = (cursor: Cursor) => (FieldValue | readonly FieldValue[])[];

function otherValue(field: Field, frame: Frame, layer: number, place: number, length: number): FieldValue {
  if (field.type === 'bytes' && field.format === undefined && length === 0) return '';
  const text = fieldText(field, frame, layer, place, length, Number.NaN);
  return (field.type === 'uint64' || field.type === 'int64') && field.format === undefined ? BigInt(text) : text;
}

function valueCode(code: Code, field: Field): string {
  if (field.type === 'boolean') return 'value !== 0';
  if (field.type === 'uint' || field.type === 'int' || field.type === 'float') return 'value';
  return code.call(otherValue, code.ref(field), 'frame', 'layer', 'place', 'length');
}

/** Seconds and nanoseconds with nine decimals, also before 1970. */
function secondsText(seconds: number, nanoseconds: number): string {
  const behind = seconds < 0 && nanoseconds > 0;
  const fraction = String(behind ? 1_000_000_000 - nanoseconds : nanoseconds).padStart(9, '0');
  return `${behind ? '-' : ''}${behind ? -seconds - 1 : seconds}.${fraction}`;
}

function ownValues(field: FrameField, { times, protocols }: ValueLayout, cursor: Cursor): readonly FieldValue[] {
  switch (field.kind) {
    case 'number': {
      const value = field.number(cursor);
      return value === value ? [value] : [];
    }
    case 'time':
      if (!field.time(cursor)) return [];
      if (times === 'text') return [secondsText(cursor.seconds, cursor.nanoseconds)];
      return [cursor.seconds + cursor.nanoseconds / 1e9];
    case 'text':
      return field.texts(cursor);
    case 'protocols':
      return [protocols.text(cursor.frame)];
    case 'flow':
      if (cursor.flowHigh < 0) return [];
      return [[cursor.flowHigh, cursor.flowLow].map((word) => word.toString(16).padStart(8, '0')).join('')];
  }
}

function columnCode(code: Code, cursor: Cursor, column: PacketColumn, layout: ValueLayout): string {
  const { occurrence } = layout;
  const result = { all: 'c.values', first: 'c.values[0] ?? null', last: 'c.values.at(-1) ?? null' }[occurrence];
  if (column.kind === 'frame') {
    const { field } = column;
    const read = (at: Cursor) => ownValues(field, layout, at);
    return `c.values = ${code.call(read, 'c')}; return ${result};`;
  }
  const each = (field: Field) => `c.values.push(${valueCode(code, field)});`;
  const reading = { code, cursor, each, lists: { before: '', after: '', enter: '', leave: '' } };
  const values = occurrencesCode(reading, column.layers, occurrence === 'first' ? 'c.values.length > 0' : '');
  return `const frame = c.frame; const bytes = frame.bytes; const out = c.out; c.values = [];
${values}
return ${result};`;
}

/** Compiles the function that reads these columns at a cursor, whose frame was walked and linked. */
export function compileValues(columns: readonly PacketColumn[], layout: ValueLayout, cursor: Cursor): ReadRow {
  const code = new Code();
  const reads = columns.map((column) => code.function('column', 'c', columnCode(code, cursor, column, layout)));
  const row = code.function('row', 'c', `return [${reads.map((read) => `${read}(c)`).join(', ')}];`);
  return code.compile<{ row: ReadRow }>({ row }).row;
}
