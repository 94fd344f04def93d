/** Bytes of whole rows on their way to an output, with the places where each of them ends. Reused. */
export class RowChunk {
  bytes: Uint8Array;
  /** The same memory, for the methods that only a Buffer has. */
  buffer: Buffer;
  /** Bytes in it. */
  length = 0;
  /** Where the head and the rows end, so that an output can be cut at a whole row. */
  rowEnds = new Int32Array(64);
  rowCount = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.buffer = Buffer.from(this.bytes.buffer);
  }

  clear(): void {
    this.length = 0;
    this.rowCount = 0;
  }

  /** Notes that a row ends at `at`. */
  endRow(at: number): void {
    this.length = at;
    if (this.rowCount === this.rowEnds.length) {
      const more = new Int32Array(2 * this.rowCount);
      more.set(this.rowEnds);
      this.rowEnds = more;
    }
    this.rowEnds[this.rowCount] = at;
    this.rowCount += 1;
  }

  /** Makes room for `capacity` bytes and keeps what is there. */
  reserve(capacity: number): void {
    if (capacity <= this.bytes.length) return;
    const more = new Uint8Array(2 * capacity);
    more.set(this.bytes.subarray(0, this.length));
    this.bytes = more;
    this.buffer = Buffer.from(more.buffer);
  }

  /** Rows (the head counts as one) that lie wholly in the first `length` bytes. */
  rowsWithin(length: number): number {
    let rows = this.rowCount;
    while (rows > 0 && this.rowEnds[rows - 1]! > length) rows -= 1;
    return rows;
  }

  /** End of the last row that lies wholly in the first `length` bytes; 0 for none. */
  lastRowEnd(length: number): number {
    const rows = this.rowsWithin(length);
    return rows === 0 ? 0 : this.rowEnds[rows - 1]!;
  }
}
