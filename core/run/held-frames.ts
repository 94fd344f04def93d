import { copyFrame, FrameBatch } from '../frame/batch.ts';

/** Bytes of a chunk, where no batch needs more. */
const CHUNK = 1 << 20;
/** Chunks without a frame that are kept for the next ones. */
const SPARE = 4;

/** Frames that are kept for a while, by slot: their columns and copies of their bytes, in chunks that are used again. */
export class HeldFrames {
  /** The columns by slot; `offset` counts in the frame's chunk. */
  columns = new FrameBatch(1024, 0);
  #chunkOf = new Int32Array(1024);
  #free: number[] = [];
  #slots = 0;
  readonly #chunks: (Uint8Array | undefined)[] = [];
  /** Frames in each chunk. */
  readonly #live: number[] = [];
  readonly #vacant: number[] = [];
  readonly #spare: Uint8Array[] = [];
  #chunk = -1;
  #used = 0;

  /** Copies the bytes of a batch's frames; returns how far their places are moved. */
  #store({ bytes, offset, captured, count }: FrameBatch): number {
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    for (let i = 0; i < count; i += 1) {
      from = Math.min(from, offset[i]!);
      to = Math.max(to, offset[i]! + captured[i]!);
    }
    const size = to - from;
    if (this.#chunk < 0 || this.#chunks[this.#chunk]!.length - this.#used < size) this.#open(size);
    const place = this.#used;
    this.#chunks[this.#chunk]!.set(bytes.subarray(from, to), place);
    this.#used += size;
    return place - from;
  }

  #open(size: number): void {
    const before = this.#chunk;
    const fits = this.#spare.findIndex((one) => one.length >= size);
    const chunk = fits < 0 ? new Uint8Array(Math.max(CHUNK, size)) : this.#spare.splice(fits, 1)[0]!;
    this.#chunk = this.#vacant.pop() ?? this.#chunks.length;
    this.#chunks[this.#chunk] = chunk;
    this.#live[this.#chunk] = 0;
    this.#used = 0;
    if (before >= 0 && this.#live[before] === 0) this.#close(before);
  }

  #close(chunk: number): void {
    const bytes = this.#chunks[chunk]!;
    this.#chunks[chunk] = undefined;
    this.#vacant.push(chunk);
    if (this.#spare.length < SPARE) this.#spare.push(bytes);
  }

  /** Takes the frames of a batch, and says the slot of each. */
  take(batch: FrameBatch, each: (slot: number) => void): void {
    const moved = this.#store(batch);
    const chunk = this.#chunk;
    this.#live[chunk]! += batch.count;
    for (let i = 0; i < batch.count; i += 1) {
      const slot = this.#free.pop() ?? this.#next();
      copyFrame(batch, i, this.columns, slot);
      this.columns.offset[slot] = batch.offset[i]! + moved;
      this.#chunkOf[slot] = chunk;
      each(slot);
    }
  }

  #next(): number {
    const { capacity } = this.columns;
    if (this.#slots === capacity) {
      const larger = new FrameBatch(2 * capacity, 0);
      for (let slot = 0; slot < capacity; slot += 1) {
        copyFrame(this.columns, slot, larger, slot);
        larger.offset[slot] = this.columns.offset[slot]!;
      }
      this.columns = larger;
      const chunks = new Int32Array(2 * capacity);
      chunks.set(this.#chunkOf);
      this.#chunkOf = chunks;
    }
    this.#slots += 1;
    return this.#slots - 1;
  }

  /** Puts a frame at the end of a batch, its bytes at place `at`, and forgets it. Returns the place behind its bytes. */
  give(slot: number, batch: FrameBatch, at: number): number {
    const { columns } = this;
    const chunk = this.#chunkOf[slot]!;
    const from = columns.offset[slot]!;
    const end = at + columns.captured[slot]!;
    if (end > batch.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * batch.bytes.length, end));
      larger.set(batch.bytes.subarray(0, at));
      batch.bytes = larger;
    }
    batch.bytes.set(this.#chunks[chunk]!.subarray(from, from + columns.captured[slot]!), at);
    copyFrame(columns, slot, batch, batch.count);
    batch.offset[batch.count] = at;
    batch.count += 1;
    this.#free.push(slot);
    this.#live[chunk]! -= 1;
    if (this.#live[chunk] === 0 && chunk !== this.#chunk) this.#close(chunk);
    return end;
  }
}
