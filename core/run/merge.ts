import type { FrameReader, Source, SourceOptions } from '../declare/source.ts';
import { copyFrame, FrameBatch } from '../frame/batch.ts';
import { FrameHeap } from './frame-heap.ts';
import { InterfaceList, InterfacePlaces } from './interface-list.ts';

/** Frames and bytes that one reader has ready, where no frame needs more. */
const FRAMES = 256;
const BYTES = 1 << 16;

/** One of the readers that are merged, with the frames it has ready. */
interface Lane {
  readonly reader: FrameReader;
  readonly batch: FrameBatch;
  readonly places: InterfacePlaces;
  /** The next frame of the batch. */
  at: number;
  /** Time of that frame: of the one before it where it has none. */
  seconds: number;
  nanoseconds: number;
  ended: boolean;
}

/**
 * A reader around readers that puts their frames in one order of time: always the earliest of the frames that come next
 * in each. Frames of one time come in the order of the readers, those of one reader stay in their own order also where
 * their times do not, and a frame without a time comes with the one before it. Each reader has a batch of 256 frames ready,
 * so memory grows with the number of readers and with nothing else. A reader that ends, damaged or not, leaves the others to
 * go on.
 */
export class MergingReader implements FrameReader {
  readonly #list = new InterfaceList();
  readonly #lanes: readonly Lane[];
  readonly #heap: FrameHeap;
  /** Lanes without a frame ready. */
  #empty: number[];
  // Where the frames of the batch read last came from: a reader keeps what belongs to a frame until it is read on.
  #lane = new Int32Array(0);
  #place = new Int32Array(0);

  /** @param readers closed by this one */
  constructor(readers: readonly FrameReader[]) {
    this.#lanes = readers.map((reader) => ({
      reader,
      batch: new FrameBatch(FRAMES, BYTES),
      places: new InterfacePlaces(this.#list),
      at: 0,
      seconds: Number.NEGATIVE_INFINITY,
      nanoseconds: 0,
      ended: false,
    }));
    this.#heap = new FrameHeap((a, b) => this.#before(a, b));
    this.#empty = readers.map((_, i) => i);
  }

  get interfaces(): FrameReader['interfaces'] {
    return this.#list.all;
  }

  statistics(): ReturnType<FrameReader['statistics']> {
    return this.#lanes.flatMap(({ reader }) => reader.statistics());
  }

  async read(batch: FrameBatch): Promise<number> {
    const waiting: number[] = [];
    for (const i of this.#empty) {
      const lane = this.#lanes[i]!;
      const read = lane.reader.read(lane.batch);
      const count = typeof read === 'number' ? read : await read;
      if (count < 0) waiting.push(i);
      else if (count === 0) lane.ended = true;
      else {
        lane.batch.count = count;
        lane.places.translate(lane.batch, lane.reader.interfaces);
        lane.at = 0;
        readTime(lane);
        this.#heap.push(i);
      }
    }
    this.#empty = waiting;
    // What comes next is known only when every reader has said so.
    return waiting.length > 0 ? -1 : this.#give(batch);
  }

  /** Up to where a reader has to be asked for more. */
  #give(batch: FrameBatch): number {
    const heap = this.#heap;
    if (this.#lane.length < batch.capacity) {
      this.#lane = new Int32Array(batch.capacity);
      this.#place = new Int32Array(batch.capacity);
    }
    let end = 0;
    batch.count = 0;
    while (heap.count > 0 && this.#empty.length === 0 && batch.count < batch.capacity) {
      const first = heap.pop();
      const lane = this.#lanes[first]!;
      this.#lane[batch.count] = first;
      this.#place[batch.count] = lane.at;
      end = copyTo(batch, end, lane);
      lane.at += 1;
      if (lane.at === lane.batch.count) this.#empty.push(first);
      else {
        readTime(lane);
        heap.push(first);
      }
    }
    return batch.count;
  }

  #before(a: number, b: number): boolean {
    const one = this.#lanes[a]!;
    const other = this.#lanes[b]!;
    if (one.seconds !== other.seconds) return one.seconds < other.seconds;
    if (one.nanoseconds !== other.nanoseconds) return one.nanoseconds < other.nanoseconds;
    return a < b;
  }

  comments(place: number): readonly string[] {
    return this.#lanes[this.#lane[place]!]?.reader.comments?.(this.#place[place]!) ?? [];
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ reader }) => reader.close()));
  }
}

function readTime(lane: Lane): void {
  const { seconds, nanoseconds } = lane.batch;
  if (nanoseconds[lane.at]! < 0) return;
  lane.seconds = seconds[lane.at]!;
  lane.nanoseconds = nanoseconds[lane.at]!;
}

/** Puts a lane's next frame at the end of a batch, its bytes at `at`; returns the place behind them. */
function copyTo(batch: FrameBatch, at: number, { batch: from, at: place }: Lane): number {
  const start = from.offset[place]!;
  const length = from.captured[place]!;
  const end = at + length;
  if (end > batch.bytes.length) {
    const larger = new Uint8Array(Math.max(2 * batch.bytes.length, end));
    larger.set(batch.bytes.subarray(0, at));
    batch.bytes = larger;
  }
  batch.bytes.set(from.bytes.subarray(start, start + length), at);
  copyFrame(from, place, batch, batch.count);
  batch.offset[batch.count] = at;
  batch.count += 1;
  return end;
}

/**
 * Opens targets of a source to be read together, in order of time.
 * @throws PacketloomError what the source has against one of them, before the first is read
 */
export async function openMerged(
  source: Source,
  targets: readonly string[],
  options: SourceOptions,
): Promise<FrameReader> {
  // All are checked together first: standard input can be read by one only.
  const all = await source.open(targets, options);
  if (targets.length < 2) return all;
  await all.close();
  const readers: FrameReader[] = [];
  try {
    for (const target of targets) readers.push(await source.open([target], options));
  } catch (error) {
    await Promise.all(readers.map((reader) => reader.close()));
    throw error;
  }
  return new MergingReader(readers);
}
