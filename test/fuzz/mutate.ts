import type { FieldNode } from '../../core/testing.ts';
import type { Seed } from './corpus.ts';
import type { Random } from './random.ts';

/** A frame that nobody sent. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly linkType: number;
}

const MOST = 4000;

/** Fields whose numbers steer dissectors: lengths, counts, types, versions, pointers. */
const STEERS =
  /len|length|count|num|type|proto|nxt|next|hlen|off|size|flag|version|code|opt|total|word|id$|kind|class/i;

interface Place {
  readonly offset: number;
  readonly length: number;
}

const isPlaced = (field: FieldNode): field is FieldNode & Place => (field.length ?? 0) > 0;

/** The fields of a frame with their bytes; those that steer come twice, so that they are hit more often. */
function placesOf({ dissected }: Seed): Place[] {
  const fields = dissected.layers.flatMap((layer) => layer.fields.filter(isPlaced));
  return [...fields, ...fields.filter(({ name, length }) => length <= 8 && STEERS.test(name))];
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array | readonly number[]): Uint8Array {
  const tail = bytes.subarray(Math.min(at + remove, bytes.length));
  const room = Math.max(0, MOST - at - tail.length);
  const middle = insert.length > room ? insert.slice(0, room) : insert;
  const made = new Uint8Array(at + middle.length + tail.length);
  made.set(bytes.subarray(0, at));
  made.set(middle, at);
  made.set(tail, at + middle.length);
  return made.subarray(0, MOST);
}

/** Writes a number that sits on an edge over a field. */
function setNumber(bytes: Uint8Array, { offset, length }: Place, random: Random): void {
  const size = Math.min(length, 4, bytes.length - offset);
  if (size <= 0) return;
  let old = 0;
  for (let i = 0; i < size; i += 1) old = old * 256 + bytes[offset + i]!;
  const greatest = 256 ** size - 1;
  const rest = bytes.length - offset - size;
  const value = random.pick([
    0,
    1,
    2,
    greatest,
    greatest - 1,
    (greatest + 1) / 2,
    old + 1,
    old - 1,
    old ^ (1 << random.below(8 * size - 1)),
    rest,
    rest + 1,
    rest - 1,
    random.below(256),
    random.below(greatest),
  ]);
  let left = value < 0 ? value + greatest + 1 : value % (greatest + 1);
  for (let i = size - 1; i >= 0; i -= 1) {
    bytes[offset + i] = left & 0xff;
    left = Math.floor(left / 256);
  }
}

type Change = (bytes: Uint8Array, places: readonly Place[], random: Random, other: Seed) => Uint8Array;

/** Another number in a field. */
const changeField: Change = (bytes, places, random) => {
  if (places.length > 0) setNumber(bytes, random.pick(places), random);
  return bytes;
};

/** Other bytes anywhere. */
const changeBytes: Change = (bytes, _places, random) => {
  const at = random.below(bytes.length);
  const count = 1 + random.below(Math.min(16, bytes.length - at));
  for (let i = 0; i < count; i += 1) bytes[at + i] = random.below(256);
  return bytes;
};

/** Fewer bytes than the headers say. */
const cut: Change = (bytes, _places, random) => bytes.subarray(0, random.below(bytes.length + 1));

/** An option, record or field that comes again and again. */
const repeat: Change = (bytes, places, random) => {
  if (places.length === 0) return bytes;
  const first = random.pick(places);
  const last = random.pick(places);
  const from = Math.min(first.offset, last.offset);
  const to = Math.min(Math.max(first.offset + first.length, last.offset + last.length), bytes.length, from + 300);
  const one = bytes.subarray(from, to);
  if (one.length === 0) return bytes;
  const times = random.pick([1, 2, 5, 50, 1000]);
  const many = Array.from({ length: Math.min(times, Math.ceil(MOST / one.length)) }, () => [...one]).flat();
  return splice(bytes, to, 0, many);
};

/** A field that is not there any more, or bytes that were not there before. */
const leaveOut: Change = (bytes, places, random) => {
  if (places.length === 0) return bytes;
  const { offset, length } = random.pick(places);
  return random.below(2) === 0
    ? splice(bytes, offset, length, [])
    : splice(bytes, offset, 0, new Uint8Array(1 + random.below(40)).fill(random.pick([0, 1, 0x41, 0xc0, 0xff])));
};

/** The layers of another frame behind some of this one's. */
const graft: Change = (bytes, places, random, other) => {
  const { layers } = other.dissected;
  const from = layers.length > 0 ? random.pick(layers).offset : 0;
  const at = places.length > 0 ? random.pick(places).offset : 0;
  return splice(bytes, Math.min(at, bytes.length), bytes.length, other.bytes.subarray(from));
};

/** A run of one byte to the end: pointers to themselves, lengths without end. */
const fill: Change = (bytes, places, random) => {
  const at = places.length > 0 ? Math.min(random.pick(places).offset, bytes.length) : 0;
  const length = random.pick([bytes.length - at, 64, 600, MOST - at]);
  return splice(
    bytes,
    at,
    bytes.length,
    new Uint8Array(Math.max(0, length)).fill(random.pick([0, 1, 2, 0x45, 0xc0, 0xff])),
  );
};

const CHANGES: readonly Change[] = [
  changeField,
  changeField,
  changeField,
  changeBytes,
  cut,
  repeat,
  leaveOut,
  graft,
  fill,
];

/** Changes a real frame by its structure, once to six times; the capture may have cut the result. */
export function mutate(seed: Seed, other: Seed, random: Random): Mutant {
  const places = placesOf(seed);
  let bytes = Uint8Array.from(seed.bytes);
  for (let left = 1 + random.below(6); left > 0 && bytes.length > 0; left -= 1) {
    bytes = Uint8Array.from(
      random.pick(CHANGES)(
        bytes,
        places.filter(({ offset }) => offset < bytes.length),
        random,
        other,
      ),
    );
  }
  const missing = random.below(3) === 0 ? random.pick([1, 4, 100, 100_000, 0x7fff_ffff]) : 0;
  return { bytes, wire: bytes.length + missing, linkType: seed.linkType };
}
