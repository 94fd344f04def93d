import type { FieldEntry, Registry } from '../declare/registry.ts';
import { PacketloomError } from '../errors.ts';
import { EXCHANGE, type Frame, ONE_WAY, PORTS, PORTS_NONE } from '../frame/frame.ts';
import { lengthOf, numberIn, placeOf, readableEnd } from '../frame/values.ts';

/** Words of a key without fields of the configuration's own: two addresses, ports, protocol and kinds. */
export const BASE_WORDS = 10;
/** Places in a key: what IPv4 uses comes first, its other address words are zero. */
export const PORT_WORD = 0;
/** protocol | port kind << 8 | address length << 12 */
export const KIND_WORD = 1;
/** The four words of the lower end's address stand here and in three further places. */
export const ADDRESS_A = 2;
export const ADDRESS_B = 3;
const MORE_A = 4;
const MORE_B = 7;

/** Place of word 0 to 3 of the first (lower) or second address. */
export const addressPlace = (second: boolean, word: number): number => {
  if (word === 0) return second ? ADDRESS_B : ADDRESS_A;
  return (second ? MORE_B : MORE_A) + word - 1;
};

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
interface KeyField {
  readonly name: string;
  readonly entry: FieldEntry;
  /** Index in `fields` of the other half of a pair; its own for a symmetric field. */
  readonly other: number;
}

/** Words a field takes in the key: a float64, as its two halves. */
const FIELD_WORDS = 2;

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
      return { name, entry, other: other < 0 ? names.indexOf(name) : other };
    }
    if (bidirectional && !symmetric.includes(name)) {
      throw new PacketloomError(
        'configuration',
        `flow.key: "${name}" differs between the two directions: use it with "bidirectional": false`,
      );
    }
    return { name, entry, other: names.indexOf(name) };
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

const pair = new Float64Array(1);
const halves = new Int32Array(pair.buffer);

/** A field's value as a number: as it is, an address of up to 6 bytes as an integer, other bytes by a number given to each. */
function keyNumber({ field, path, dissector }: FieldEntry, frame: Frame, texts: Map<string, number>): number {
  const layer = frame.lastLayer[dissector.id] ?? -1;
  if (layer < 0) return Number.NaN;
  if (field.type === 'ipv6' || field.type === 'text' || field.type === 'bytes') {
    const end = readableEnd(frame, layer);
    const place = placeOf(field, frame, layer, frame.layerOffset[layer]!, end);
    if (place < 0) return Number.NaN;
    const value = String.fromCharCode(
      ...frame.bytes.subarray(place, place + lengthOf(field, frame, layer, place, end)),
    );
    let number = texts.get(value);
    if (number === undefined) {
      number = texts.size;
      texts.set(value, number);
    }
    return number;
  }
  return numberIn(field, path, frame, layer);
}

/** The keys of a batch's frames, in columns. */
export class KeyColumns {
  readonly plan: KeyPlan;
  /** `plan.words` words a frame; in a bidirectional key the lower end comes first. */
  readonly words: Int32Array;
  readonly hash: Int32Array;
  /** 1 where source and destination were exchanged to get there. */
  readonly swapped: Uint8Array;
  /** Values of the key's own fields, in the frame's direction. */
  readonly extra: Float64Array;
  /** Numbers given to texts and IPv6 addresses in keys; grows with the distinct values seen. */
  readonly texts = new Map<string, number>();

  constructor(plan: KeyPlan, capacity: number) {
    this.plan = plan;
    this.words = new Int32Array(plan.words * capacity);
    this.hash = new Int32Array(capacity);
    this.swapped = new Uint8Array(capacity);
    this.extra = new Float64Array(plan.fields.length * capacity);
  }

  /** Writes the key of the frame just walked (which has a network layer) to place `index`. */
  write(frame: Frame, index: number): void {
    const { plan, words } = this;
    const at = index * plan.words;
    const { bytes } = frame;
    let kind = plan.ports ? frame.portKind : PORTS_NONE;
    let source = 0;
    let destination = 0;
    if (kind === PORTS || kind === ONE_WAY) {
      source = frame.sourcePort;
      destination = frame.destinationPort;
    } else if (kind === EXCHANGE) {
      source = frame.sourcePort;
      destination = frame.mate;
    }
    let swapped = false;
    let mixed: number;
    if (frame.addressLength === 4 && plan.addresses) {
      const a = frame.addressAt;
      const from = (bytes[a]! << 24) | (bytes[a + 1]! << 16) | (bytes[a + 2]! << 8) | bytes[a + 3]!;
      const to = (bytes[a + 4]! << 24) | (bytes[a + 5]! << 16) | (bytes[a + 6]! << 8) | bytes[a + 7]!;
      swapped = plan.bidirectional && kind !== ONE_WAY && (from === to ? source > destination : from >>> 0 > to >>> 0);
      const lower = swapped ? to : from;
      const higher = swapped ? from : to;
      words[at + ADDRESS_A] = lower;
      words[at + ADDRESS_B] = higher;
      for (let word = MORE_A; word < BASE_WORDS; word += 1) words[at + word] = 0;
      mixed = Math.imul(lower, 0x9e3779b1) ^ Math.imul(higher, 0x85ebca6b);
    } else if (plan.addresses) {
      const a = frame.addressAt;
      let order = 0;
      for (let i = 0; i < 16 && order === 0; i += 1) order = bytes[a + i]! - bytes[a + 16 + i]!;
      swapped = plan.bidirectional && kind !== ONE_WAY && (order === 0 ? source > destination : order > 0);
      const low = swapped ? a + 16 : a;
      const high = swapped ? a : a + 16;
      mixed = 0;
      for (let i = 0; i < 4; i += 1) {
        const one = low + 4 * i;
        const two = high + 4 * i;
        const lower = (bytes[one]! << 24) | (bytes[one + 1]! << 16) | (bytes[one + 2]! << 8) | bytes[one + 3]!;
        const higher = (bytes[two]! << 24) | (bytes[two + 1]! << 16) | (bytes[two + 2]! << 8) | bytes[two + 3]!;
        words[at + addressPlace(false, i)] = lower;
        words[at + addressPlace(true, i)] = higher;
        mixed = Math.imul(mixed ^ lower, 0x9e3779b1) ^ Math.imul(higher, 0x85ebca6b);
        mixed ^= mixed >>> 15;
      }
    } else {
      words.fill(0, at, at + BASE_WORDS);
      swapped = plan.bidirectional && kind !== ONE_WAY && source > destination;
      mixed = 0;
    }
    const ports = swapped ? (destination << 16) | source : (source << 16) | destination;
    words[at + PORT_WORD] = ports;
    kind =
      (plan.protocol ? frame.protocol & 0xff : 0) | (kind << 8) | ((plan.addresses ? frame.addressLength : 0) << 12);
    words[at + KIND_WORD] = kind;
    mixed = Math.imul(mixed ^ ports, 0xc2b2ae35) ^ Math.imul(kind, 0x27d4eb2f);
    if (plan.fields.length > 0) mixed = this.#writeFields(frame, index, swapped, mixed);
    mixed ^= mixed >>> 16;
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    this.hash[index] = mixed;
    this.swapped[index] = swapped ? 1 : 0;
  }

  #writeFields(frame: Frame, index: number, swapped: boolean, mixed: number): number {
    const { plan, words, extra } = this;
    const { fields } = plan;
    const first = index * fields.length;
    for (let i = 0; i < fields.length; i += 1) extra[first + i] = keyNumber(fields[i]!.entry, frame, this.texts);
    let hash = mixed;
    for (let i = 0; i < fields.length; i += 1) {
      const value = extra[first + (swapped ? fields[i]!.other : i)]!;
      pair[0] = value === value ? value : -1; // one NaN equals another
      const at = index * plan.words + BASE_WORDS + FIELD_WORDS * i;
      words[at] = halves[0]!;
      words[at + 1] = halves[1]!;
      hash = Math.imul(hash ^ halves[0]!, 0x9e3779b1) ^ Math.imul(halves[1]!, 0xc2b2ae35);
    }
    return hash;
  }
}
