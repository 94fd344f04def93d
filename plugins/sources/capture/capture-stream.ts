import type { FrameBatch } from '../../../core/frame/batch.ts';
import type { ByteInput } from './byte-input.ts';
import type { InputLog } from './input-log.ts';
import type { FrameComments, RecordParser } from './record-parser.ts';

/** Bytes read at once, where not told otherwise: they stay in a core's cache until they are walked. */
export const DEFAULT_CHUNK = 1 << 18;

/** More bytes are needed before there is an answer. */
const MORE = -2;

/**
 * One input as batches of frames. Bytes are read straight into the batch; what is left of them behind the last whole
 * record moves to the front of the next one. The batch grows only as fast as bytes arrive.
 */
export class CaptureStream {
  readonly #input: ByteInput;
  readonly #parser: RecordParser;
  readonly #log: InputLog;
  readonly #comments: FrameComments;
  readonly #chunk: number;
  readonly #signal: AbortSignal | undefined;
  /** Bytes to hold before parsing: follows what the batch's places can take. */
  #target: number;
  #carry: Uint8Array = new Uint8Array(0);
  #carried = 0;
  /** Place in the input of the window's first byte. */
  #base = 0;
  #from = 0;
  #end = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #viewed: Uint8Array | undefined;
  /** The input has no more bytes. */
  #dry = false;
  #done = false;

  constructor(
    input: ByteInput,
    parser: RecordParser,
    log: InputLog,
    comments: FrameComments,
    options: { readonly chunk?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ) {
    this.#input = input;
    this.#parser = parser;
    this.#log = log;
    this.#comments = comments;
    this.#chunk = options.chunk ?? DEFAULT_CHUNK;
    this.#signal = options.signal;
    this.#target = this.#chunk;
  }

  /** Fills the batch: frames written, 0 at the end, -1 when a live input has nothing now. */
  read(batch: FrameBatch): number | Promise<number> {
    batch.count = 0;
    this.#comments.clear();
    if (this.#done) return 0;
    this.#begin(batch);
    let answer = this.#dry || this.#end >= this.#target ? this.#parse(batch) : MORE;
    while (answer === MORE) {
      const got = this.#pull(batch);
      if (typeof got !== 'number') return this.#wait(batch, got);
      answer = this.#take(batch, got);
    }
    return answer;
  }

  async #wait(batch: FrameBatch, first: Promise<number>): Promise<number> {
    let answer = this.#take(batch, await first);
    while (answer === MORE) answer = this.#take(batch, await this.#pull(batch));
    return answer;
  }

  #begin(batch: FrameBatch): void {
    if (batch.bytes.length < this.#carried) batch.bytes = new Uint8Array(this.#carried);
    batch.bytes.set(this.#carry.subarray(0, this.#carried));
    this.#from = 0;
    this.#end = this.#carried;
  }

  /** Reads behind what is there, in a larger buffer where that is full. */
  #pull(batch: FrameBatch): number | Promise<number> {
    if (this.#from > 0) {
      batch.bytes.copyWithin(0, this.#from, this.#end);
      this.#base += this.#from;
      this.#end -= this.#from;
      this.#from = 0;
    }
    if (this.#end === batch.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#end, 256));
      larger.set(batch.bytes);
      batch.bytes = larger;
    }
    const wanted = this.#end < this.#target ? this.#target - this.#end : this.#chunk;
    return this.#input.read(batch.bytes, this.#end, Math.min(wanted, batch.bytes.length - this.#end));
  }

  #take(batch: FrameBatch, got: number): number {
    if (got < 0) {
      this.#keep(batch);
      return -1;
    }
    if (got === 0) this.#dry = true;
    this.#end += got;
    return this.#parse(batch);
  }

  #parse(batch: FrameBatch): number {
    if (this.#viewed !== batch.bytes) {
      this.#viewed = batch.bytes;
      this.#view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
    }
    this.#from = this.#parser.parse(batch, this.#view, this.#from, this.#end, this.#base);
    const { count } = batch;
    this.#log.frames += count;
    if (this.#parser.stopped) this.#done = true;
    else if (count === batch.capacity) {
      this.#target = Math.min(this.#chunk, this.#from + (this.#from >> 4));
      this.#keep(batch);
    } else if (this.#dry) {
      this.#done = true;
      this.#conclude();
    } else if (count > 0) {
      this.#target = Math.min(this.#chunk, 2 * this.#target);
      this.#keep(batch);
    } else return MORE;
    return count;
  }

  /** Saves what lies behind the last record: the batch's bytes belong to the caller. */
  #keep(batch: FrameBatch): void {
    const left = this.#end - this.#from;
    if (this.#carry.length < left) this.#carry = new Uint8Array(Math.max(left, 4096));
    this.#carry.set(batch.bytes.subarray(this.#from, this.#end));
    this.#carried = left;
    this.#base += this.#from;
  }

  #conclude(): void {
    const offset = this.#base + this.#from;
    const { fault } = this.#input;
    if (fault !== undefined) this.#log.damage(offset, fault);
    else if (!this.#signal?.aborted) this.#parser.finish(this.#end - this.#from, offset);
  }
}
