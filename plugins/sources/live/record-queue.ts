/** Writes some of `bytes` from `from` to `to` without waiting: how many it took, 0 when it takes none now. */
export type TryWrite = (bytes: Uint8Array, from: number, to: number) => number;

const HEADER = 24;
const RECORD = 16;

/**
 * Frames on their way to another process, as a pcap file with times in nanoseconds. What the other side does not take
 * yet waits in a bounded number of blocks; frames that do not fit any more are dropped and counted.
 */
export class RecordQueue {
  /** Frames dropped because the reader was too slow. */
  dropped = 0;
  readonly #write: TryWrite;
  readonly #blockSize: number;
  readonly #most: number;
  /** Full ones, the oldest first; the last one is being filled. */
  readonly #blocks: Buffer[];
  readonly #lengths: number[] = [0];
  readonly #spare: Buffer[] = [];
  /** Bytes of the first block that were written. */
  #written = 0;

  /**
   * @param blockSize bytes of a block: a frame and its header must fit
   * @param most blocks held
   */
  constructor(write: TryWrite, blockSize = 1 << 20, most = 64) {
    this.#write = write;
    this.#blockSize = blockSize;
    this.#most = most;
    this.#blocks = [Buffer.allocUnsafe(blockSize)];
  }

  /** The file header: first, and once. */
  begin(linkType: number, snapLength: number): void {
    const block = this.#blocks[0]!;
    block.writeUInt32LE(0xa1b23c4d, 0);
    block.writeUInt16LE(2, 4);
    block.writeUInt16LE(4, 6);
    block.writeDoubleLE(0, 8);
    block.writeUInt32LE(snapLength, 16);
    block.writeUInt32LE(linkType, 20);
    this.#lengths[0] = HEADER;
  }

  /** Copies a frame: the first `captured` bytes of `bytes`. */
  add(bytes: Uint8Array, captured: number, wire: number, seconds: number, nanoseconds: number): void {
    let last = this.#blocks.length - 1;
    if (this.#lengths[last]! + RECORD + captured > this.#blockSize) {
      if (this.#blocks.length === this.#most) {
        this.dropped += 1;
        return;
      }
      this.#blocks.push(this.#spare.pop() ?? Buffer.allocUnsafe(this.#blockSize));
      this.#lengths.push(0);
      last += 1;
    }
    const block = this.#blocks[last]!;
    const at = this.#lengths[last]!;
    block.writeUInt32LE(seconds, at);
    block.writeUInt32LE(nanoseconds, at + 4);
    block.writeUInt32LE(captured, at + 8);
    block.writeUInt32LE(wire, at + 12);
    block.set(captured === bytes.length ? bytes : bytes.subarray(0, captured), at + RECORD);
    this.#lengths[last] = at + RECORD + captured;
  }

  /** Bytes of whole blocks are waiting. */
  get pressing(): boolean {
    return this.#blocks.length > 1;
  }

  /** Hands on what the other side takes; true when nothing is left. */
  flush(): boolean {
    for (;;) {
      const length = this.#lengths[0]!;
      while (this.#written < length) {
        const taken = this.#write(this.#blocks[0]!, this.#written, length);
        if (taken === 0) return false;
        this.#written += taken;
      }
      this.#written = 0;
      if (this.#blocks.length === 1) {
        this.#lengths[0] = 0;
        return true;
      }
      this.#spare.push(this.#blocks.shift()!);
      this.#lengths.shift();
    }
  }
}
