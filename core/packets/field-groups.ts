import type { Field, Repeated } from '../declare/field.ts';
import { constantOf, lengthOfConstant, putConstant } from './constants.ts';
import { headText, tailText } from './field-json.ts';
import type { TextChunk } from './text-chunk.ts';

/** Tables of a group, for different places in the frame, at most: each may have 65,536 places. */
const TABLES = 4;
const READY_OFFSETS = 2048;
const WORD = 2;

/**
 * Fields that are read from the same one or two bytes: flags, and small numbers. What is written of them follows from
 * these bytes and from where they lie, so it is made once for each value that comes.
 */
export interface FieldGroup {
  readonly fields: readonly Field[];
  /** Offset of the first byte in the header. */
  readonly base: number;
  readonly size: number;
  /** By offset in the frame, by value: a constant, 0 for not made yet. */
  readonly known: (Int32Array | undefined)[];
  tables: number;
}

const scratch = new Uint8Array(WORD);

function make(group: FieldGroup, table: Int32Array, word: number, offset: number): number {
  const { fields, base, size } = group;
  scratch[0] = size === 1 ? word : word >>> 8;
  scratch[1] = word & 0xff;
  const texts = fields.map((field) => {
    const within = field.offset - base;
    return headText(field, field.readAt(scratch, within)) + tailText(field, offset + within, field.size);
  });
  const constant = constantOf(texts.join(''));
  table[word] = constant;
  return constant;
}

/**
 * Writes the fields of a group that lies at `from`, `offset` bytes into the frame. Returns the place behind them; -1 when
 * they are not at hand.
 */
export function putGroup(
  out: TextChunk,
  at: number,
  group: FieldGroup,
  bytes: Uint8Array,
  from: number,
  offset: number,
): number {
  if (offset >= READY_OFFSETS) return -1;
  let table = group.known[offset];
  if (table === undefined) {
    if (group.tables === TABLES) return -1;
    group.tables += 1;
    table = new Int32Array(group.size === 1 ? 256 : 65_536);
    group.known[offset] = table;
  }
  const word = group.size === 1 ? bytes[from]! : (bytes[from]! << 8) | bytes[from + 1]!;
  const constant = table[word]! || make(group, table, word, offset);
  if (constant < 0) return -1;
  out.room(at, lengthOfConstant(constant));
  return putConstant(out, at, constant);
}

/** A field that a group may have: what is written of it follows from one or two bytes. */
function fits({ type, size, format, locate, compute, measure, littleEndian }: Field): boolean {
  return (
    (type === 'uint' || type === 'boolean') &&
    size >= 1 &&
    size <= WORD &&
    format === undefined &&
    locate === undefined &&
    compute === undefined &&
    measure === undefined &&
    !littleEndian
  );
}

/** The group that begins with part `first`, if any does. */
export function groupAt(parts: readonly (Field | Repeated)[], first: number): FieldGroup | undefined {
  const fields: Field[] = [];
  let low = 0;
  let high = 0;
  for (let i = first; i < parts.length; i += 1) {
    const part = parts[i]!;
    if (part.kind !== 'field' || !fits(part)) break;
    const { offset, size } = part;
    const from = fields.length === 0 ? offset : Math.min(low, offset);
    const to = fields.length === 0 ? offset + size : Math.max(high, offset + size);
    if (to - from > WORD) break;
    low = from;
    high = to;
    fields.push(part);
  }
  const [only] = fields;
  if (only === undefined) return undefined;
  // A number of two bytes by itself has too many values.
  const many = fields.length === 1 && high - low > 1 && only.mask === 0 && only.values === undefined;
  return many ? undefined : { fields, base: low, size: high - low, known: [], tables: 0 };
}
