import type { Field } from '../declare/field.ts';
import { type Code, literal } from '../expression/code.ts';
import { displayText, numberText } from '../frame/text.ts';
import { constantOf, NO_CONSTANT, putConstant } from './constants.ts';
import type { WantedPart } from './selection.ts';
import type { TextChunk } from './text-chunk.ts';

/** Tables of a group, for different places in the frame, at most: each may have 65,536 places. */
const TABLES = 4;
const READY_OFFSETS = 2048;
const WORD = 2;

/**
 * Fields that are read from the same one or two bytes: flags, and small numbers. What is written of them follows from
 * these bytes and from where they lie, so it is made once for each value that comes.
 */
interface Group {
  readonly fields: readonly Field[];
  /** Offset of the first byte in the header. */
  readonly base: number;
  readonly size: number;
  /** By offset in the frame, by value: a constant, 0 for not made yet. */
  readonly known: (Int32Array | undefined)[];
  tables: number;
}

/** The end of a field with a place. */
export function tailText({ mask, shift, size }: Field, offset: number, length = size): string {
  const bits = mask === 0 ? '' : `,"mask":${(mask << shift) >>> 0}`;
  return `","offset":${offset},"length":${length}${bits}}`;
}

/** The begin of a field with a number: name, value, text for people without its last quote. */
export function headText(field: Field, value: number): string {
  const text = numberText(field, value);
  const display = JSON.stringify(displayText(field, text, value)).slice(0, -1);
  return `,{"name":${JSON.stringify(field.name)},"value":"${text}","display":${display}`;
}

const scratch = new Uint8Array(WORD);

function make(group: Group, table: Int32Array, word: number, offset: number): number {
  const { fields, base, size } = group;
  scratch[0] = size === 1 ? word : word >>> 8;
  scratch[1] = word & 0xff;
  const texts = fields.map((field) => {
    const within = field.offset - base;
    return headText(field, field.readAt(scratch, within)) + tailText(field, offset + within);
  });
  const constant = constantOf(texts.join(''));
  table[word] = constant === NO_CONSTANT ? NO_CONSTANT : constant;
  return constant;
}

/** Writes a group's fields, with room for them; -1 when they are not at hand. */
function putGroup(out: TextChunk, at: number, group: Group, word: number, offset: number): number {
  if (offset >= READY_OFFSETS) return -1;
  let table = group.known[offset];
  if (table === undefined) {
    if (group.tables === TABLES) return -1;
    group.tables += 1;
    table = new Int32Array(group.size === 1 ? 256 : 65_536);
    group.known[offset] = table;
  }
  const constant = table[word]! || make(group, table, word, offset);
  if (constant < 0) return -1;
  out.room(at, constant & 2047);
  return putConstant(out, at, constant);
}

/** A field that a group may have: what is written of it follows from one or two bytes. */
function fits({ kind, type, size, format, locate, compute, measure, littleEndian, display }: Field): boolean {
  return (
    kind === 'field' &&
    (type === 'uint' || type === 'boolean') &&
    size >= 1 &&
    size <= WORD &&
    format === undefined &&
    locate === undefined &&
    compute === undefined &&
    measure === undefined &&
    !littleEndian &&
    display !== undefined
  );
}

/** How many parts from `first` on are one group; 0 for none. */
function groupAt(parts: readonly WantedPart[], first: number): { fields: Field[]; base: number; size: number } {
  const fields: Field[] = [];
  let low = 0;
  let high = 0;
  for (let i = first; i < parts.length; i += 1) {
    const part = parts[i]!;
    if (part.kind !== 'field' || !fits(part.field)) break;
    const { offset, size } = part.field;
    const from = fields.length === 0 ? offset : Math.min(low, offset);
    const to = fields.length === 0 ? offset + size : Math.max(high, offset + size);
    if (to - from > WORD) break;
    low = from;
    high = to;
    fields.push(part.field);
  }
  // A number of two bytes by itself has too many values.
  while (fields.length === 1 && high - low > 1 && fields[0]!.mask === 0 && fields[0]!.values === undefined)
    fields.pop();
  return { fields, base: low, size: high - low };
}

/**
 * Writes code for the group that begins with part `first`: tries it as a whole, and `each` field where that is not at hand.
 * In scope as for single fields: `at`, `end`, `bytes`, `frame`, `out`, `o`, `to`.
 */
export function groupCode(
  code: Code,
  parts: readonly WantedPart[],
  first: number,
  each: (part: WantedPart) => string,
): { readonly count: number; readonly code: string } | undefined {
  const { fields, base, size } = groupAt(parts, first);
  if (fields.length === 0) return undefined;
  const group: Group = { fields, base, size, known: [], tables: 0 };
  const word = size === 1 ? 'bytes[from]' : '(bytes[from] << 8 | bytes[from + 1])';
  const put = code.call(putGroup, 'out', 'o', code.ref(group), word, 'from - frame.start');
  const single = fields.map((_, i) => each(parts[first + i]!)).join('\n');
  const whole = `{ const from = at + ${literal(base)};
const behind = from + ${literal(size)} <= end ? ${put} : -1;
if (behind >= 0) { o = behind; to = out.bytes; } else {
${single}
} }`;
  return { count: fields.length, code: whole };
}
