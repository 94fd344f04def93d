import { bytesText } from '../expression/leaves.ts';
import { EXCHANGE, type Frame, LINK, ONE_WAY, PORTS, PORTS_NONE } from '../frame/frame.ts';
import { tunnelIdOf, tunnelLayer } from '../frame/packet-level.ts';
import { isNumbered, KeyTexts, keyNumber } from './key-fields.ts';
import type { KeyPlan } from './key-plan.ts';
import {
  ADDRESS_A,
  ADDRESS_B,
  addressPlace,
  BASE_WORDS,
  FIELD_WORDS,
  IN_TUNNEL,
  KIND_WORD,
  MORE_A,
  PORT_WORD,
  TUNNEL_ID_WORD,
  TUNNEL_WORD,
} from './key-words.ts';
import type { LinkAddresses } from './link-addresses.ts';

const pair = new Float64Array(1);
const halves = new Int32Array(pair.buffer);

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
  readonly texts = new KeyTexts();

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
      words[at + TUNNEL_WORD] = 0;
      words[at + TUNNEL_ID_WORD] = 0;
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
    this.#end(frame, index, swapped, mixed);
  }

  /** Adds the fields of the configuration's own to a key, and its hash. */
  #end(frame: Frame, index: number, swapped: boolean, begun: number): void {
    let mixed = begun;
    let exchanged = swapped;
    if (this.plan.fields.length > 0) {
      this.#readFields(frame, index);
      if (!swapped && this.plan.bidirectional && this.#isTied(index)) exchanged = this.#isHigherFirst(index);
      mixed = this.#writeFields(index, exchanged, begun);
    }
    mixed ^= mixed >>> 16;
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    this.hash[index] = mixed;
    this.swapped[index] = exchanged ? 1 : 0;
  }

  /** Writes the key of a frame that is not IP to place `index`: its link addresses and Ethertype. */
  writeLink(frame: Frame, index: number, link: LinkAddresses): void {
    const { plan, words } = this;
    const at = index * plan.words;
    words.fill(0, at, at + BASE_WORDS);
    let swapped = false;
    let mixed = 0;
    if (plan.addresses) {
      const source = bytesText(frame.bytes, link.sourceAt, link.sourceAt + link.length);
      const destination = bytesText(frame.bytes, link.destinationAt, link.destinationAt + link.length);
      swapped = plan.bidirectional && source > destination;
      for (let i = 0; i < link.length; i += 1) {
        const shift = 24 - 8 * (i & 3);
        words[at + addressPlace(swapped, i >> 2)]! |= source.charCodeAt(i) << shift;
        words[at + addressPlace(!swapped, i >> 2)]! |= destination.charCodeAt(i) << shift;
      }
    }
    if (plan.protocol) words[at + PORT_WORD] = link.type;
    words[at + KIND_WORD] = (LINK << 8) | ((plan.addresses ? link.length : 0) << 12);
    for (let i = 0; i < BASE_WORDS; i += 1) mixed = Math.imul(mixed ^ words[at + i]!, 0x9e3779b1) ^ (mixed >>> 15);
    this.#end(frame, index, swapped, mixed);
  }

  /**
   * Adds to the key at place `index`, of a packet in a tunnel, what tells it apart: the id of the innermost tunnel where
   * that is the same both ways, and the level where there are flows of both.
   */
  qualify(frame: Frame, index: number, bits: number): void {
    const { plan, words } = this;
    const layer = tunnelLayer(frame);
    const id = tunnelIdOf(frame, layer);
    const known = id === id;
    if (!known && bits === 0) return;
    const at = index * plan.words;
    words[at + KIND_WORD]! |= bits | (known ? IN_TUNNEL : 0);
    if (known) {
      words[at + TUNNEL_WORD] = frame.layerId[layer]!;
      words[at + TUNNEL_ID_WORD] = id;
    }
    const mixed = Math.imul(this.hash[index]! ^ words[at + KIND_WORD]!, 0x27d4eb2f) ^ words[at + TUNNEL_ID_WORD]!;
    this.hash[index] = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) ^ (mixed >>> 13);
  }

  /** Puts the key that stands at a place of other columns in place `index`. */
  copy(index: number, words: Int32Array, from: number, hash: number, swapped: number): void {
    const { plan } = this;
    const at = index * plan.words;
    for (let i = 0; i < plan.words; i += 1) this.words[at + i] = words[from + i]!;
    this.hash[index] = hash;
    this.swapped[index] = swapped;
  }

  #readFields(frame: Frame, index: number): void {
    const { fields } = this.plan;
    const first = index * fields.length;
    for (let i = 0; i < fields.length; i += 1) this.extra[first + i] = keyNumber(fields[i]!.entry, frame, this.texts);
  }

  /** True when addresses and ports do not tell the two ends apart, so that pairs of fields must. */
  #isTied(index: number): boolean {
    const { plan, words } = this;
    const at = index * plan.words;
    const kind = (words[at + KIND_WORD]! >> 8) & 15;
    if (kind === ONE_WAY) return false;
    for (let word = 0; word < 4; word += 1)
      if (words[at + addressPlace(false, word)] !== words[at + addressPlace(true, word)]) return false;
    const ports = words[at + PORT_WORD]!;
    return kind === LINK || ports >>> 16 === (ports & 0xffff);
  }

  /** True when the first pair of fields that differ has the higher value at the source. */
  #isHigherFirst(index: number): boolean {
    const { fields } = this.plan;
    const first = index * fields.length;
    for (let i = 0; i < fields.length; i += 1) {
      const { other, entry } = fields[i]!;
      const one = this.extra[first + i]!;
      const two = this.extra[first + other]!;
      if (one === two || (one !== one && two !== two)) continue;
      if (one !== one || two !== two) return two !== two;
      // Numbers given to texts differ from run to run: the texts themselves decide.
      return isNumbered(entry.field) ? this.texts.text(one) > this.texts.text(two) : one > two;
    }
    return false;
  }

  #writeFields(index: number, swapped: boolean, mixed: number): number {
    const { plan, words, extra } = this;
    const { fields } = plan;
    const first = index * fields.length;
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
