import type { FieldEntry } from '../declare/registry.ts';
import type { Frame } from '../frame/frame.ts';
import { tunnelIdOf, tunnelLayer } from '../frame/packet-level.ts';
import { numberIn } from '../frame/values.ts';
import type { KeyPlan } from './key-plan.ts';

/** Words that tell a fragmented packet from others: addresses, lengths and protocol, identification, tunnel. */
const WORDS = 12;
const PLACE = 8;
const IDENTIFICATION = 9;
const TUNNEL = 10;

const bits = new Float64Array(1);
const halves = new Int32Array(bits.buffer);

/** The fragments of a batch's frames: one entry for each packet that is a fragment, outermost first. */
export class FragmentColumns {
  /** 32-bit words of an entry. */
  readonly width: number;
  words: Int32Array;
  /** 1 for a fragment other than the first. */
  later: Uint8Array;
  /** 1 where the packet carries another one. */
  carrier: Uint8Array;
  /** Packets around it. */
  depth: Uint8Array;
  count = 0;
  /** By place of a frame: its first entry, and how many it has. */
  readonly first: Int32Array;
  readonly entries: Uint8Array;
  /** Fields of the key that a later fragment has too: those of links and tunnels. */
  readonly #fields: readonly FieldEntry[];

  constructor(plan: KeyPlan, capacity: number) {
    this.#fields = plan.fields
      .map(({ entry }) => entry)
      .filter(({ dissector, field }) => dissector.level === 'link' && field.type === 'uint');
    this.width = WORDS + 2 * this.#fields.length;
    this.words = new Int32Array(this.width * 64);
    this.later = new Uint8Array(64);
    this.carrier = new Uint8Array(64);
    this.depth = new Uint8Array(64);
    this.first = new Int32Array(capacity);
    this.entries = new Uint8Array(capacity);
  }

  /** Writes the fragments of the frame just walked, those of the outermost packet only or all. */
  write(frame: Frame, place: number, outermost: boolean): void {
    this.first[place] = this.count;
    let entries = 0;
    for (let i = 0; i < frame.fragmentCount; i += 1) {
      if (outermost && frame.fragmentDepth[i]! > 0) break;
      this.#entry(frame, i);
      entries += 1;
    }
    this.entries[place] = entries;
  }

  #entry(frame: Frame, i: number): void {
    if (this.count === this.later.length) this.#grow();
    const { bytes } = frame;
    const { words, width } = this;
    const at = this.count * width;
    words.fill(0, at, at + width);
    const length = frame.fragmentAddressLength[i]!;
    const from = frame.fragmentAddressAt[i]!;
    for (let k = 0; 4 * k < length; k += 1) {
      words[at + k] = word(bytes, from + 4 * k);
      words[at + 4 + k] = word(bytes, from + length + 4 * k);
    }
    const depth = frame.fragmentDepth[i]!;
    // Fragments of one IPv6 packet may differ in the next header (RFC 8200, section 4.5).
    words[at + PLACE] = length | (length === 4 ? frame.fragmentProtocol[i]! << 8 : 0) | (depth << 24);
    words[at + IDENTIFICATION] = frame.fragmentIdentification[i]!;
    if (depth > 0) this.#tunnel(frame, frame.fragmentLayer[i]!, at);
    for (let k = 0; k < this.#fields.length; k += 1) {
      const { field, path, dissector } = this.#fields[k]!;
      const layer = layerBefore(frame, dissector.id, frame.fragmentLayer[i]!);
      const value = layer < 0 ? Number.NaN : numberIn(field, path, frame, layer);
      bits[0] = value === value ? value : -1;
      words[at + WORDS + 2 * k] = halves[0]!;
      words[at + WORDS + 2 * k + 1] = halves[1]!;
    }
    this.later[this.count] = frame.fragmentLater[i]!;
    this.carrier[this.count] = depth < frame.tunnels ? 1 : 0;
    this.depth[this.count] = depth;
    this.count += 1;
  }

  #tunnel(frame: Frame, network: number, at: number): void {
    const layer = tunnelLayer(frame, network);
    const id = tunnelIdOf(frame, layer);
    if (id !== id) return;
    this.words[at + TUNNEL] = frame.layerId[layer]!;
    this.words[at + TUNNEL + 1] = id;
  }

  #grow(): void {
    const size = this.later.length * 2;
    const grown = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from as never);
      return to;
    };
    this.words = grown(this.words, new Int32Array(size * this.width));
    this.later = grown(this.later, new Uint8Array(size));
    this.carrier = grown(this.carrier, new Uint8Array(size));
    this.depth = grown(this.depth, new Uint8Array(size));
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** The last layer of a dissector around a network layer; -1 for none. */
function layerBefore(frame: Frame, id: number, network: number): number {
  for (let layer = network - 1; layer >= 0; layer -= 1) if (frame.layerId[layer] === id) return layer;
  return -1;
}
