import { createCipheriv } from 'node:crypto';

/** Bytes of a key: 16 for AES-128, 16 that are encrypted and fill up prefixes. */
export const KEY_BYTES = 32;
const BLOCK = 16;
/** Addresses that are remembered at most. */
const CACHE = 1 << 18;

/**
 * Crypto-PAn: a one-to-one map of addresses under which two of them share exactly as long a prefix as before. Each bit is
 * flipped or not by the first bit of AES-128 over the bits in front of it, filled up with a secret pad (J. Xu, J. Fan,
 * M. Ammar, S. Moon: Prefix-Preserving IP Address Anonymization, ICNP 2002; the same bytes as their reference program).
 * Addresses of any length up to 16 bytes are mapped within their own length, so that IPv6 is the same construction on 128
 * bits.
 */
export class CryptoPan {
  readonly #cipher: ReturnType<typeof createCipheriv>;
  readonly #pad: Uint8Array;
  /** Blocks to encrypt, one for each bit of the longest address. */
  readonly #blocks = Buffer.alloc(8 * BLOCK * BLOCK);
  readonly #ipv4 = new Map<number, number>();
  readonly #others = new Map<string, string>();

  /** @param key {@link KEY_BYTES} bytes */
  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv('aes-128-ecb', key.subarray(0, BLOCK), null).setAutoPadding(false);
    this.#pad = new Uint8Array(this.#cipher.update(key.subarray(BLOCK, KEY_BYTES)));
  }

  /** Maps an IPv4 address, given and returned as a 32-bit word. */
  ipv4(word: number): number {
    const address = word >>> 0;
    let mapped = this.#ipv4.get(address);
    if (mapped === undefined) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(address);
      this.bytes(bytes);
      mapped = bytes.readUInt32BE();
      if (this.#ipv4.size >= CACHE) this.#ipv4.clear();
      this.#ipv4.set(address, mapped);
    }
    return mapped;
  }

  /** Maps an address of any length, given and returned as text with one UTF-16 unit a byte. */
  text(address: string): string {
    let mapped = this.#others.get(address);
    if (mapped === undefined) {
      const bytes = Buffer.from(address, 'latin1');
      this.bytes(bytes);
      mapped = bytes.toString('latin1');
      if (this.#others.size >= CACHE) this.#others.clear();
      this.#others.set(address, mapped);
    }
    return mapped;
  }

  /** Maps an address of up to 16 bytes in place. */
  bytes(address: Uint8Array): void {
    const pad = this.#pad;
    const blocks = this.#blocks;
    const bits = 8 * Math.min(address.length, BLOCK);
    for (let bit = 0; bit < bits; bit += 1) {
      const at = bit * BLOCK;
      const whole = bit >> 3;
      for (let i = 0; i < BLOCK; i += 1) blocks[at + i] = i < whole ? address[i]! : pad[i]!;
      // The byte in which the prefix ends has bits of both.
      const kept = (0xff00 >> (bit & 7)) & 0xff;
      blocks[at + whole] = (address[whole]! & kept) | (pad[whole]! & ~kept);
    }
    const flips = this.#cipher.update(blocks.subarray(0, bits * BLOCK));
    for (let bit = 0; bit < bits; bit += 1) address[bit >> 3]! ^= (flips[bit * BLOCK]! >> 7) << (7 - (bit & 7));
  }
}
