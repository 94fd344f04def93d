import type { ImitatedKeys } from '../declare/imitation.ts';
import { PORTS } from '../frame/frame.ts';
import { addressPlace, BASE_WORDS, KIND_WORD, PORT_WORD } from './key-words.ts';

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** The keys of a batch's frames as an imitation has them: the lower end first, then words of its own. */
export class ImitatedKeyColumns implements ImitatedKeys {
  /** Words of a key. */
  readonly count: number;
  readonly words: Int32Array;
  readonly hash: Int32Array;
  /** 1 where source and destination were exchanged to get there. */
  readonly swapped: Uint8Array;
  readonly more: Int32Array;

  constructor(more: number, capacity: number) {
    this.more = new Int32Array(more);
    this.count = BASE_WORDS + more;
    this.words = new Int32Array(this.count * capacity);
    this.hash = new Int32Array(capacity);
    this.swapped = new Uint8Array(capacity);
  }

  write(
    i: number,
    bytes: Uint8Array,
    addressAt: number,
    addressLength: 4 | 16,
    sourcePort: number,
    destinationPort: number,
    protocol: number,
  ): void {
    const { words, more } = this;
    let order = 0;
    for (let k = 0; k < addressLength && order === 0; k += 1)
      order = bytes[addressAt + k]! - bytes[addressAt + addressLength + k]!;
    const swapped = order === 0 ? sourcePort > destinationPort : order > 0;
    const low = swapped ? addressAt + addressLength : addressAt;
    const high = swapped ? addressAt : addressAt + addressLength;
    const at = i * this.count;
    words.fill(0, at, at + BASE_WORDS);
    for (let k = 0; 4 * k < addressLength; k += 1) {
      words[at + addressPlace(false, k)] = word(bytes, low + 4 * k);
      words[at + addressPlace(true, k)] = word(bytes, high + 4 * k);
    }
    words[at + PORT_WORD] = swapped ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort;
    words[at + KIND_WORD] = (protocol & 0xff) | (PORTS << 8) | (addressLength << 12);
    for (let k = 0; k < more.length; k += 1) words[at + BASE_WORDS + k] = more[k]!;
    let mixed = 0;
    for (let k = at; k < at + this.count; k += 1) {
      mixed = Math.imul(mixed ^ words[k]!, 0x9e3779b1);
      mixed ^= mixed >>> 15;
    }
    mixed = Math.imul(mixed, 0x85ebca6b);
    this.hash[i] = mixed ^ (mixed >>> 13);
    this.swapped[i] = swapped ? 1 : 0;
  }
}
