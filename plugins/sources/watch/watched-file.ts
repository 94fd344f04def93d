import { type Stats, statSync } from 'node:fs';
import type { FrameReader, SourceStatistics } from '../../../core/declare/source.ts';
import { PacketloomError } from '../../../core/errors.ts';
import { copyFrame, type FrameBatch } from '../../../core/frame/batch.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import { describeOther, IDENTIFY_LENGTH, identify, MAGIC_LENGTH } from '../capture/identify.ts';
import { isThereCompressed } from './file-names.ts';
import type { FoundFile } from './folder-scan.ts';
import { GrowingCapture } from './growing-capture.ts';
import { GrowingFile } from './growing-file.ts';
import type { FileMemory } from './state-file.ts';

/** Bytes of a first frame by which it is told. */
const TOLD = 64;

/** What a frame looks like: its record, and a hash of its first bytes. */
function lookOf(batch: FrameBatch, i: number): string {
  const from = batch.offset[i]!;
  let hash = 0x811c9dc5;
  for (const byte of batch.bytes.subarray(from, from + Math.min(TOLD, batch.captured[i]!)))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return [batch.seconds[i], batch.nanoseconds[i], batch.captured[i], batch.wire[i], hash.toString(16)].join(' ');
}

/** Takes the first frames out of a batch. */
function leaveOut(batch: FrameBatch, frames: number): void {
  for (let i = frames; i < batch.count; i += 1) {
    copyFrame(batch, i, batch, i - frames);
    batch.offset[i - frames] = batch.offset[i]!;
  }
  batch.count -= frames;
}

/** One file of a watched folder, from the first frame that was not read before. */
export class WatchedFile {
  readonly name: string;
  /** It is not the file that was read under its name before. */
  isAnother = false;
  /** Frames that were read before and are not there any more. */
  missing = 0;
  readonly path: string;
  readonly #reader: FrameReader;
  /** Undefined for a compressed one, which is read when it is complete. */
  readonly #growing: GrowingFile | undefined;
  readonly #memory: FileMemory;
  #about: Stats;
  #skip: number;
  /** Frames left out of the batch read last. */
  #left = 0;
  #leftOut = 0;
  #begun = false;

  private constructor(
    { name, path }: FoundFile,
    memory: FileMemory,
    reader: FrameReader,
    growing: GrowingFile | undefined,
  ) {
    this.name = name;
    this.path = path;
    this.#reader = reader;
    this.#growing = growing;
    this.#memory = memory;
    this.#about = statSync(path);
    this.#skip = memory.frames;
  }

  /**
   * Opens a file; undefined as long as it has to wait: it has no bytes, or is compressed and may not be complete.
   * @param quiet milliseconds without a change after which it is complete, unless it is the last one
   * @throws PacketloomError `format`, and what the system says
   */
  static open(found: FoundFile, memory: FileMemory, quiet: number, isLast: boolean, signal: AbortSignal) {
    const file = new GrowingFile(found.path);
    let kept = false;
    try {
      const isComplete = !isLast && file.isQuiet(quiet);
      const head = file.begin(IDENTIFY_LENGTH);
      if (head.length < MAGIC_LENGTH && !isComplete) return undefined;
      const identity = identify(head);
      if (identity.kind === 'pcap' || identity.kind === 'pcapng') {
        kept = true;
        return new WatchedFile(found, memory, new GrowingCapture(found.path, identity.kind, file), file);
      }
      if (head.length === 0) throw new PacketloomError('format', 'the file is empty');
      if (identity.kind === 'other') throw new PacketloomError('format', describeOther(identity.name, head));
      if (!isComplete) return undefined;
      return new WatchedFile(found, memory, new CaptureReader([found.path], { signal }), undefined);
    } finally {
      if (!kept) file.close();
    }
  }

  get interfaces(): FrameReader['interfaces'] {
    return this.#reader.interfaces;
  }

  /** Without the frames that were read before. */
  statistics(): SourceStatistics | undefined {
    const [own] = this.#reader.statistics();
    return own === undefined ? undefined : { ...own, name: this.name, frames: own.frames - this.#leftOut };
  }

  comments(place: number): readonly string[] {
    return this.#reader.comments?.(place + this.#left) ?? [];
  }

  /** Nothing will be added any more: reads on to its end, which is the end. */
  conclude(): void {
    if (this.#growing !== undefined) this.#growing.complete = true;
  }

  /** Nothing has been added for so many milliseconds. */
  isQuiet(milliseconds: number): boolean {
    return this.#growing?.isQuiet(milliseconds) ?? true;
  }

  /** It was cut or written anew while it was read. */
  get cut(): boolean {
    return this.#growing?.replaced === true;
  }

  /** It has been removed, and no compressed one has taken its place. */
  get removed(): boolean {
    return this.#growing?.removed === true && !isThereCompressed(this.path);
  }

  /** Frames, 0 at its end, -1 when there are none now. */
  async read(batch: FrameBatch): Promise<number> {
    for (;;) {
      const read = this.#reader.read(batch);
      const count = typeof read === 'number' ? read : await read;
      this.#left = 0;
      if (count <= 0) {
        if (count === 0) this.missing = this.#skip;
        return count;
      }
      batch.count = count;
      if (!this.#begun) this.#begin(lookOf(batch, 0));
      if (this.#skip > 0) {
        this.#left = Math.min(this.#skip, count);
        this.#skip -= this.#left;
        this.#leftOut += this.#left;
        leaveOut(batch, this.#left);
      }
      if (batch.count > 0) return batch.count;
    }
  }

  #begin(look: string): void {
    const memory = this.#memory;
    this.#begun = true;
    if (memory.frames > 0 && memory.first !== look) {
      this.isAnother = true;
      this.#skip = 0;
      memory.frames = 0;
    }
    memory.first = look;
    memory.name = this.name;
    delete memory.done;
  }

  /** Notes that it was read to its end. */
  remember(): void {
    const memory = this.#memory;
    memory.name = this.name;
    // What it holds now has to be looked at.
    if (this.cut) return;
    // What it had when its end was met: more may have been added since.
    const whole = this.#growing !== undefined && this.#growing.fault === undefined;
    const about = this.#growing?.about ?? statSync(this.path, { throwIfNoEntry: false }) ?? this.#about;
    const damaged = this.statistics()?.damaged !== undefined;
    memory.done = {
      size: whole && !damaged ? this.#growing!.bytesRead : about.size,
      modified: about.mtimeMs,
      inode: about.ino,
    };
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}
