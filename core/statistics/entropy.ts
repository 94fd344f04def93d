import { Random } from './random.ts';

/** Different values that are counted exactly. */
export const EXACT_ENTROPY = 1000;
/** Places of the stream that are watched beyond that. */
const SAMPLES = 1000;

/** A watched value: how often it came since it is watched, and by how many samples. */
interface Watched {
  readonly value: number | string;
  count: number;
  users: number;
}

interface Sample {
  watched: Watched;
  /** Its count just before the sampled occurrence. */
  before: number;
  /** Number of the value that takes this sample over. */
  next: number;
}

/**
 * Shannon entropy of the distribution of values, in bits: exact up to {@link EXACT_ENTROPY} different values, then
 * estimated from 1,000 places of the stream chosen uniformly, each with the number of times its value came since
 * (Chakrabarti, Cormode, McGregor 2007). The estimate has no bias; its standard error is at most
 * log2(n) / (2 sqrt(1000)) bits, 0.3 of a million values, and mostly below 0.1.
 */
export class Entropy {
  #counts: Map<number | string, number> | undefined = new Map();
  #watched = new Map<number | string, Watched>();
  /** A heap: the sample that is taken over next comes first. */
  #samples: Sample[] = [];
  #total = 0;
  readonly #random = new Random();

  add(value: number | string): void {
    this.#total += 1;
    if (this.#counts !== undefined) {
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
      if (this.#counts.size > EXACT_ENTROPY) this.#sketch();
      return;
    }
    const watched = this.#watched.get(value);
    if (watched !== undefined) watched.count += 1;
    while (this.#samples[0]!.next <= this.#total) this.#takeOver(value);
  }

  /** NaN of nothing. */
  bits(): number {
    const total = this.#total;
    if (total === 0) return Number.NaN;
    let sum = 0;
    if (this.#counts !== undefined) {
      for (const count of this.#counts.values()) sum += count * Math.log2(count);
      return Math.max(0, Math.log2(total) - sum / total);
    }
    for (const { watched, before } of this.#samples) {
      const later = watched.count - before;
      sum += later * Math.log2(total / later) - (later > 1 ? (later - 1) * Math.log2(total / (later - 1)) : 0);
    }
    return Math.max(0, sum / SAMPLES);
  }

  /** Chooses the samples afterwards: an occurrence of a value that came f times is any of the f, counted from the end. */
  #sketch(): void {
    const values = [...this.#counts!];
    this.#counts = undefined;
    const ends: number[] = [];
    let end = 0;
    for (const [, count] of values) {
      end += count;
      ends.push(end);
    }
    for (let i = 0; i < SAMPLES; i += 1) {
      const place = Math.floor(this.#random.next() * end);
      const index = Math.min(ends.findIndex((limit) => limit > place) >>> 0, values.length - 1);
      const [value, count] = values[index]!;
      const watched = this.#watch(value, count);
      this.#samples.push({ watched, before: Math.floor(this.#random.next() * count), next: this.#nextPlace() });
    }
    this.#samples.sort((a, b) => a.next - b.next);
  }

  /** The n-th value replaces a sample with probability 1 / n: the place where that happens next. */
  #nextPlace(): number {
    return Math.max(this.#total + 1, Math.ceil(this.#total / Math.max(this.#random.next(), 1e-300)));
  }

  #watch(value: number | string, count: number): Watched {
    let watched = this.#watched.get(value);
    if (watched === undefined) {
      watched = { value, count, users: 0 };
      this.#watched.set(value, watched);
    }
    watched.users += 1;
    return watched;
  }

  #takeOver(value: number | string): void {
    const heap = this.#samples;
    const first = heap[0]!;
    first.watched.users -= 1;
    if (first.watched.users === 0) this.#watched.delete(first.watched.value);
    first.watched = this.#watch(value, 1);
    first.before = first.watched.count - 1;
    first.next = this.#nextPlace();
    let at = 0;
    for (;;) {
      let least = 2 * at + 1;
      if (least >= heap.length) break;
      if (least + 1 < heap.length && heap[least + 1]!.next < heap[least]!.next) least += 1;
      if (heap[least]!.next >= first.next) break;
      heap[at] = heap[least]!;
      at = least;
    }
    heap[at] = first;
  }
}
