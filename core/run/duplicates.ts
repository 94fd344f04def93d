import type { DuplicateWindow } from '../flow/settings.ts';
import { copyFrame, type FrameBatch } from '../frame/batch.ts';
import { FrameWindow } from './frame-window.ts';

/** Frames remembered at most. */
export const MOST_FRAMES = 1_000_000;
/** Bytes from the begin of a frame that its hash covers: all headers up to TCP, with their checksums. */
const HASHED = 96;

/** A frame this far behind the latest (nanoseconds) shows that the clock was set back: nothing before it is near. */
const STEP = 10e9;

/** A hash of a frame's length and begin; equal bytes are always compared in full besides. */
function hashOf(bytes: Uint8Array, from: number, length: number): number {
  const end = from + Math.min(length, HASHED);
  let hash = length;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/**
 * Takes frames out of batches whose captured bytes equal those of a frame shortly before, as a capture has them that sees
 * traffic at two places. A frame that is taken out still counts for those after it. As `editcap -D` and `-w` of Wireshark
 * have it, but with both bounds where both are given, and a frame a little earlier than its copy counts as well.
 */
export class DuplicateFilter {
  /** Frames taken out. */
  count = 0;
  readonly #frames: number;
  readonly #time: number;
  readonly #window = new FrameWindow();
  #latestSeconds = Number.NEGATIVE_INFINITY;
  #latestNanoseconds = 0;

  constructor({ frames = MOST_FRAMES, time = Number.POSITIVE_INFINITY }: DuplicateWindow) {
    this.#frames = frames;
    this.#time = time;
  }

  /** Takes duplicates out; the others keep their order and their `numbers`. */
  filter(batch: FrameBatch): void {
    let kept = 0;
    for (let i = 0; i < batch.count; i += 1) {
      if (this.#isDuplicate(batch, i)) continue;
      if (kept < i) {
        copyFrame(batch, i, batch, kept);
        batch.offset[kept] = batch.offset[i]!;
      }
      kept += 1;
    }
    this.count += batch.count - kept;
    batch.count = kept;
  }

  #isDuplicate(batch: FrameBatch, i: number): boolean {
    const { bytes } = batch;
    const from = batch.offset[i]!;
    const length = batch.captured[i]!;
    const seconds = batch.seconds[i]!;
    const nanoseconds = batch.nanoseconds[i]!;
    const window = this.#window;
    this.#forget(seconds, nanoseconds);
    const hash = hashOf(bytes, from, length);
    let found = window.find(hash, bytes, from, length, window.next);
    while (found >= 0 && !this.#isNear(found, seconds, nanoseconds))
      found = window.find(hash, bytes, from, length, found);
    window.add(hash, bytes, from, length, seconds, nanoseconds);
    return found >= 0;
  }

  /** Whether a frame was within the time; never where one of the two has none. */
  #isNear(number: number, seconds: number, nanoseconds: number): boolean {
    if (this.#time === Number.POSITIVE_INFINITY) return true;
    const window = this.#window;
    if (nanoseconds < 0 || window.nanoseconds(number) < 0) return false;
    const apart = (seconds - window.seconds(number)) * 1e9 + (nanoseconds - window.nanoseconds(number));
    return Math.abs(apart) <= this.#time;
  }

  /** Forgets what is out of reach for a frame of this time and for all later ones. */
  #forget(seconds: number, nanoseconds: number): void {
    const window = this.#window;
    window.first = Math.max(window.first, window.next - this.#frames + 1);
    if (this.#time === Number.POSITIVE_INFINITY) return;
    const ahead = (seconds - this.#latestSeconds) * 1e9 + (nanoseconds - this.#latestNanoseconds);
    const isBack = ahead < -Math.max(STEP, this.#time);
    if (isBack) window.first = window.next;
    if (nanoseconds >= 0 && (ahead > 0 || isBack)) {
      this.#latestSeconds = seconds;
      this.#latestNanoseconds = nanoseconds;
    }
    for (; window.first < window.next; window.first += 1) {
      const passed = (this.#latestSeconds - window.seconds(window.first)) * 1e9;
      if (passed + (this.#latestNanoseconds - window.nanoseconds(window.first)) <= this.#time) return;
    }
  }
}
