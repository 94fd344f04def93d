import { RowChunk } from '../output/row-chunk.ts';

/** Bytes of rows that grow while a row is written. */
export class TextChunk extends RowChunk {
  /** Bytes that stay free behind whatever room is made for: what is bounded needs no look at the chunk's end. */
  slack = 0;
  /** The same memory, for words. */
  view = new DataView(this.bytes.buffer);

  override reserve(capacity: number): void {
    if (capacity <= this.bytes.length) return;
    super.reserve(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `more` bytes at `at`, and the slack behind them; what stands before `at` is kept. */
  room(at: number, more: number): Uint8Array {
    const end = at + more + this.slack;
    if (end > this.bytes.length) {
      this.length = at;
      this.reserve(end);
    }
    return this.bytes;
  }

  /** Adds a text. */
  add(text: string): void {
    this.length = addString(this, this.length, text);
  }
}

/** Writes a text at a place of a chunk, with room for it. Returns the place behind it. */
export function addString(out: TextChunk, at: number, text: string): number {
  const { length } = text;
  const bytes = out.room(at, 3 * length);
  for (let i = 0; i < length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return at + out.buffer.write(text, at);
    bytes[at + i] = unit;
  }
  return at + length;
}
