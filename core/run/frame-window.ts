/** Bytes of frames at most: past that the earliest are forgotten. */
const MOST_BYTES = 1 << 26;

/**
 * The frames seen last, found by a hash of their bytes. Numbers of frames count on; those from `first` on are remembered.
 * Memory grows with what is remembered, up to 64 MiB of bytes.
 */
export class FrameWindow {
  /** Number of the earliest frame remembered. */
  first = 0;
  /** Number of the next frame. */
  next = 0;
  // By number, modulo the size.
  #mask = 1023;
  #hash = new Int32Array(1024);
  #length = new Int32Array(1024);
  /** The frame before with the same bucket. */
  #link = new Float64Array(1024);
  #place = new Float64Array(1024);
  #seconds = new Float64Array(1024);
  #nanoseconds = new Int32Array(1024);
  /** Latest number of each bucket. */
  #buckets = new Float64Array(2048).fill(-1);
  #bytes = new Uint8Array(1 << 18);
  /** Bytes ever stored, with gaps: a frame's bytes never wrap. */
  #end = 0;

  /** Packet time of a remembered frame. */
  seconds(number: number): number {
    return this.#seconds[number & this.#mask]!;
  }

  nanoseconds(number: number): number {
    return this.#nanoseconds[number & this.#mask]!;
  }

  /** The latest remembered frame before `before` with these bytes, or -1. */
  find(hash: number, bytes: Uint8Array, from: number, length: number, before: number): number {
    let number = before === this.next ? this.#buckets[hash & (2 * this.#mask + 1)]! : this.#link[before & this.#mask]!;
    for (; number >= this.first; number = this.#link[number & this.#mask]!) {
      const at = number & this.#mask;
      if (this.#hash[at] === hash && this.#length[at] === length && this.#same(this.#place[at]!, bytes, from, length))
        return number;
    }
    return -1;
  }

  #same(place: number, bytes: Uint8Array, from: number, length: number): boolean {
    const own = this.#bytes;
    const at = place % own.length;
    for (let i = 0; i < length; i += 1) if (own[at + i] !== bytes[from + i]) return false;
    return true;
  }

  /** Remembers a frame. */
  add(hash: number, bytes: Uint8Array, from: number, length: number, seconds: number, nanoseconds: number): void {
    if (this.next - this.first > this.#mask) this.#resize();
    const place = this.#room(length);
    this.#bytes.set(bytes.subarray(from, from + length), place % this.#bytes.length);
    this.#end = place + length;
    const at = this.next & this.#mask;
    const bucket = hash & (2 * this.#mask + 1);
    this.#hash[at] = hash;
    this.#length[at] = length;
    this.#link[at] = this.#buckets[bucket]!;
    this.#place[at] = place;
    this.#seconds[at] = seconds;
    this.#nanoseconds[at] = nanoseconds;
    this.#buckets[bucket] = this.next;
    this.next += 1;
  }

  /** The place for so many bytes in one piece, behind the last ones; what stands there is forgotten. */
  #room(length: number): number {
    while (this.#bytes.length < 2 * length) this.#enlarge();
    for (;;) {
      const size = this.#bytes.length;
      const left = size - (this.#end % size);
      const place = left < length ? this.#end + left : this.#end;
      const oldest = this.first < this.next ? this.#place[this.first & this.#mask]! : place;
      if (place + length - oldest <= size) return place;
      if (size < MOST_BYTES) this.#enlarge();
      else this.first += 1;
    }
  }

  /** Twice the room, with all bytes in it. */
  #enlarge(): void {
    const before = this.#bytes;
    const bytes = new Uint8Array(2 * before.length);
    let end = 0;
    for (let number = this.first; number < this.next; number += 1) {
      const at = number & this.#mask;
      const from = this.#place[at]! % before.length;
      bytes.set(before.subarray(from, from + this.#length[at]!), end);
      this.#place[at] = end;
      end += this.#length[at]!;
    }
    this.#bytes = bytes;
    this.#end = end;
  }

  /** Twice as many frames. */
  #resize(): void {
    const mask = 2 * this.#mask + 1;
    const moved = <T extends Int32Array | Float64Array>(column: T, into: T): T => {
      for (let number = this.first; number < this.next; number += 1) into[number & mask] = column[number & this.#mask]!;
      return into;
    };
    const count = mask + 1;
    this.#hash = moved(this.#hash, new Int32Array(count));
    this.#length = moved(this.#length, new Int32Array(count));
    this.#place = moved(this.#place, new Float64Array(count));
    this.#seconds = moved(this.#seconds, new Float64Array(count));
    this.#nanoseconds = moved(this.#nanoseconds, new Int32Array(count));
    this.#link = new Float64Array(count);
    this.#buckets = new Float64Array(2 * count).fill(-1);
    this.#mask = mask;
    for (let number = this.first; number < this.next; number += 1) {
      const bucket = this.#hash[number & mask]! & (2 * mask + 1);
      this.#link[number & mask] = this.#buckets[bucket]!;
      this.#buckets[bucket] = number;
    }
  }
}
