import type { Field } from '../declare/field.ts';
import { Code } from '../expression/code.ts';
import type { Cursor } from './cursor.ts';
import { quoteCell } from './escape.ts';
import { ownCode } from './own-code.ts';
import type { Protocols } from './protocols.ts';
import { VALUE_BYTES } from './put.ts';
import { occurrencesCode, partsCode, type Reading, until } from './read-code.ts';
import type { PacketColumn, WantedLayer } from './selection.ts';
import type { TextChunk } from './text-chunk.ts';
import { constantCode, isFreeText, type PacketFormat, valueCode } from './text-code.ts';

/** Which of several values of a field a row has. */
export type Occurrence = 'first' | 'last' | 'all';

/** How rows look. */
export interface RowLayout {
  readonly format: PacketFormat;
  readonly occurrence: Occurrence;
  /** Between several values of one field; not in JSON. */
  readonly aggregator: string;
  readonly protocols: Protocols;
}

/** Writes rows. */
export interface RowWriting {
  /** What a chunk's `slack` must be at least. */
  readonly slack: number;
  /** Adds the row of the cursor's frame to a chunk. */
  write(cursor: Cursor, out: TextChunk): void;
}

/** Columns that one generated function writes at most: a function of 60 KB is never optimised. */
const COLUMNS_PER_FUNCTION = 50;

const PARAMETERS = 'c, frame, bytes, out, o';

/** The variables of a cell, by way of the cursor where functions share them. */
const LISTS: Reading['lists'] = {
  before: 'c.place = o; c.count = count; c.start = start;',
  after: 'o = c.place; count = c.count; to = out.bytes;',
  enter: 'let o = c.place; let count = c.count; const start = c.start; let to = out.bytes;',
  leave: 'c.place = o; c.count = count;',
};

type FieldColumn = Extract<PacketColumn, { kind: 'field' }>;

/** How the values of a cell are written: `count` and `start` are the cell's. */
function readingOf(code: Code, cursor: Cursor, layout: RowLayout): Reading {
  const { occurrence, format } = layout;
  const between = format === 'jsonl' ? ',' : layout.aggregator;
  const room = `to = out.room(o, ${between.length * 3 + VALUE_BYTES});`;
  const before = {
    first: '',
    all: `if (count > 0) { ${room} ${constantCode(code, between)} }`,
    last: 'o = start;',
  }[occurrence];
  const each = (field: Field) => `${before} count += 1; ${valueCode(code, field, format)}`;
  return { code, cursor, each, lists: LISTS };
}

const enoughOf = ({ occurrence }: RowLayout): string => (occurrence === 'first' ? 'count > 0' : '');

/** A function that writes all values of a column, wherever they are. It leaves their number in `c.count`. */
function valuesFunction(reading: Reading, { layers }: FieldColumn, layout: RowLayout): string {
  const values = occurrencesCode(reading, layers, enoughOf(layout));
  const body = `let to = out.bytes; let count = 0; const start = o;\n${values}\nc.count = count;\nreturn o;`;
  return reading.code.function('values', PARAMETERS, body);
}

/** The dissector of a column whose values all stand in the layers of one. */
const onlyLayer = (column: PacketColumn): WantedLayer | undefined =>
  column.kind === 'field' && column.layers.length === 1 ? column.layers[0] : undefined;

/** Statements that write the values of a column and set `count`. Of a dissector with one layer in the frame, at once. */
function valuesCode(code: Code, cursor: Cursor, column: PacketColumn, layout: RowLayout): string {
  if (column.kind === 'frame') return ownCode(code, column.field, layout);
  const reading = readingOf(code, cursor, layout);
  const values = valuesFunction(reading, column, layout);
  const anywhere = `o = ${values}(${PARAMETERS}); to = out.bytes; count = c.count;`;
  const only = onlyLayer(column);
  if (only === undefined) return anywhere;
  const { id } = only.dissector;
  return `if (N${id} === 1) { const layer = L${id}; const at = A${id}; const end = Z${id};
${partsCode(until(reading, enoughOf(layout)), only.parts)}
} else if (N${id} > 1) { ${anywhere} }`;
}

/** Statements that write a cell. */
function cellCode(code: Code, cursor: Cursor, column: PacketColumn, layout: RowLayout, alone: boolean): string {
  const { format, occurrence, aggregator } = layout;
  const array = format === 'jsonl' && occurrence === 'all';
  const lines = [
    array ? constantCode(code, '[') : '',
    'let count = 0; const start = o;',
    valuesCode(code, cursor, column, layout),
  ];
  if (array) lines.push(constantCode(code, ']'));
  else if (format === 'jsonl') lines.push(`if (count === 0) { ${constantCode(code, 'null')} }`);
  if (format === 'csv') {
    const free =
      column.kind === 'frame' ? column.field.kind === 'text' : column.entries.some(({ field }) => isFreeText(field));
    const special = free || /[",\r\n]/.test(aggregator);
    if (special) lines.push(`o = ${code.call(quoteCell, 'out', 'start', 'o')}; to = out.bytes;`);
    // A line with nothing on it is no row to many readers.
    if (alone) lines.push(`if (o === start) { ${constantCode(code, '""')} }`);
  }
  return lines.join('\n');
}

/** What stands before a column's values. */
function separator(format: PacketFormat, { name }: PacketColumn, i: number): string {
  if (format === 'jsonl') return `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`;
  return i === 0 ? '' : format === 'csv' ? ',' : '\t';
}

/** Bytes of a row whose values are bounded, each there once; what else there is makes room for itself. */
function slackOf(columns: readonly PacketColumn[]): number {
  return columns.reduce((sum, { name }) => sum + VALUE_BYTES + 3 * JSON.stringify(name).length + 16, 64);
}

/** Variables of a dissector: its outermost layer, how many it has in the frame (2: several), and where the only one lies. */
function layerLookup(id: number): string {
  return `const L${id} = c.first[${id}]; let N${id} = 0, A${id} = 0, Z${id} = 0;
if (L${id} >= 0) {
N${id} = c.next[L${id}] < 0 ? 1 : 2;
A${id} = frame.layerOffset[L${id}];
Z${id} = frame.layerEnd[L${id}];
if (Z${id} > frame.capturedEnd) Z${id} = frame.capturedEnd;
}`;
}

/** A function that writes the cells of some columns, from column `first` on. */
function cellsFunction(
  code: Code,
  cursor: Cursor,
  columns: readonly PacketColumn[],
  first: number,
  layout: RowLayout,
): string {
  const some = columns.slice(first, first + COLUMNS_PER_FUNCTION);
  const ids = new Set(some.flatMap((column) => onlyLayer(column)?.dissector.id ?? []));
  const cells = some.map((column, i) => {
    const before = constantCode(code, separator(layout.format, column, first + i));
    return `${before}\n{\n${cellCode(code, cursor, column, layout, columns.length === 1)}\n}`;
  });
  const body = ['let to = out.bytes;', ...[...ids].map(layerLookup), ...cells, 'return o;'];
  return code.function('cells', PARAMETERS, body.join('\n'));
}

/** Compiles the function that writes rows of these columns from a cursor, whose frame was walked and linked. */
export function compileRow(columns: readonly PacketColumn[], layout: RowLayout, cursor: Cursor): RowWriting {
  const code = new Code();
  const parts: string[] = [];
  for (let first = 0; first < columns.length; first += COLUMNS_PER_FUNCTION) {
    parts.push(cellsFunction(code, cursor, columns, first, layout));
  }
  const end = layout.format === 'jsonl' ? (columns.length === 0 ? '{}\n' : '}\n') : '\n';
  const body = `const frame = c.frame;
const bytes = frame.bytes;
c.out = out;
out.room(out.length, 0);
let o = out.length;
${parts.map((name) => `o = ${name}(${PARAMETERS});`).join('\n')}
const to = out.bytes;
${constantCode(code, end)}
out.endRow(o);`;
  const { write } = code.compile<{ write: RowWriting['write'] }>({ write: code.function('row', 'c, out', body) });
  return { slack: slackOf(columns), write };
}
