import { createCipheriv, createHash } from 'node:crypto';
import type { AddressMap } from '../expression/map-addresses.ts';
import type { FlowFacts } from '../expression/program.ts';
import { addressText } from '../expression/write.ts';
import { communityId } from '../flow/community-id.ts';
import { CryptoPan } from './crypto-pan.ts';

/** Replaces what names hosts in rows, under one secret key: the same key gives the same replacements in every run. */
export class Anonymizer implements AddressMap {
  /** Tells keys apart and nothing else of them. */
  readonly fingerprint: string;
  readonly #pan: CryptoPan;
  readonly #cipher: ReturnType<typeof createCipheriv>;
  readonly #block = Buffer.alloc(16);

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    const derived = (use: string): Buffer => createHash('sha256').update(`packetloom ${use}\0`).update(key).digest();
    this.fingerprint = derived('fingerprint').toString('hex', 0, 8);
    this.#pan = new CryptoPan(key);
    // Not the key of the addresses: what is known of one map tells nothing of the other.
    const own = derived('flow_id').subarray(0, 16);
    this.#cipher = createCipheriv('aes-128-ecb', own, null).setAutoPadding(false);
  }

  /** Maps an address in place: four 32-bit words from `at` on, of which IPv4 uses the first; `length` 4, 16, or 6 bytes. */
  words(words: Uint32Array, at: number, length: number): void {
    if (length === 4) {
      words[at] = this.#pan.ipv4(words[at]!);
      return;
    }
    const mapped = this.#pan.text(addressText(words.subarray(at, at + 4), length) ?? '');
    words.fill(0, at, at + 4);
    for (let i = 0; i < length; i += 1) words[at + (i >> 2)]! |= mapped.charCodeAt(i) << (24 - 8 * (i & 3));
  }

  /** Maps an address, given and returned as text with one UTF-16 unit a byte. */
  address(address: string): string {
    return this.#pan.text(address);
  }

  /** Community ID of the flow with its addresses mapped: as a tool computes it that reads nothing but the rows. */
  communityId(facts: FlowFacts): string | null {
    const mapped = {
      ...facts,
      sourceWords: Uint32Array.from(facts.sourceWords),
      destinationWords: Uint32Array.from(facts.destinationWords),
    };
    this.words(mapped.sourceWords, 0, facts.addressLength);
    this.words(mapped.destinationWords, 0, facts.addressLength);
    return communityId(mapped);
  }

  /**
   * Replaces the identity of a flow: the plain `flow_id` is a hash without a secret over addresses, ports and time, which
   * anybody could search through. The result is the first half of AES-128 over it.
   */
  seal(facts: Pick<FlowFacts, 'idHigh' | 'idLow'>): void {
    const block = this.#block;
    block.writeUInt32BE(facts.idHigh >>> 0, 0);
    block.writeUInt32BE(facts.idLow >>> 0, 4);
    const sealed = this.#cipher.update(block);
    facts.idHigh = sealed.readUInt32BE(0);
    facts.idLow = sealed.readUInt32BE(4);
  }
}
