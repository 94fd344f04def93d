/** Finalizer of MurmurHash3 (Austin Appleby, public domain): every input bit reaches every output bit. */
function mix(value: number): number {
  let hash = value;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A 64-bit hash taken word by word; the same on every run and machine. */
export class IdentityHash {
  high = 0;
  low = 0;

  begin(): void {
    this.high = 0x5bd1e995;
    this.low = 0x1b873593;
  }

  add(word: number): void {
    this.high = (Math.imul(this.high ^ mix(word ^ 0x9e3779b9), 0xcc9e2d51) + 0x52dce729) | 0;
    this.low = (Math.imul(this.low ^ mix(word + this.high), 0x1b873593) + 0x38495ab5) | 0;
  }

  finish(): void {
    const { high, low } = this;
    this.high = mix(high ^ (low >>> 11)) >>> 0;
    this.low = mix(low ^ this.high) >>> 0;
  }
}
