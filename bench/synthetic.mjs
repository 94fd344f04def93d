import { closeSync, openSync, writeSync } from 'node:fs';
import { choose, randomNumbers } from './random.mjs';
import { FrameWriter } from './synthetic-frames.mjs';

const framesPerSecond = 476;
const startSeconds = 1_700_000_000;

/**
 * The mix of a capture of 1,047,548 frames of office, web, voice, scan and industrial traffic, as counted in it:
 * how many conversations, of which protocol, with how many frames (least and greatest), over how many seconds.
 * @type {readonly [number, 'tcp' | 'udp' | 'icmp' | 'arp', number, number, number][]}
 */
const mix = [
  [35344, 'tcp', 1, 1, 0],
  [1060, 'tcp', 2, 2, 2],
  [3092, 'tcp', 3, 4, 7],
  [5572, 'tcp', 5, 8, 10],
  [9684, 'tcp', 9, 16, 7],
  [5056, 'tcp', 17, 32, 11],
  [2600, 'tcp', 33, 100, 38],
  [672, 'tcp', 101, 500, 110],
  [80, 'tcp', 1000, 7800, 350],
  [9719, 'udp', 1, 1, 0],
  [20818, 'udp', 2, 2, 7],
  [1792, 'udp', 3, 4, 85],
  [1696, 'udp', 5, 8, 216],
  [736, 'udp', 9, 16, 242],
  [286, 'udp', 17, 32, 116],
  [144, 'udp', 33, 100, 400],
  [180, 'udp', 101, 1000, 7],
  [800, 'icmp', 1, 12, 40],
  [1000, 'arp', 1, 16, 100],
];

/**
 * Writes a capture file of the mix: the same bytes for the same number of frames on every machine.
 * @param {string} path
 * @param {number} frames
 */
export function writeSynthetic(path, frames) {
  const random = randomNumbers(1);
  const span = frames / framesPerSecond;
  const conversations = plan(frames, span, random);
  const queue = new TimeQueue(conversations.map(({ next }) => next));
  const file = openSync(path, 'w');
  const writer = new FrameWriter(random, (bytes) => writeSync(file, bytes));
  while (queue.size > 0) {
    const conversation = conversations[queue.first];
    writer.write(conversation, startSeconds + conversation.next);
    const left = conversation.frames - ++conversation.sent;
    conversation.next += (Math.max(0, conversation.end - conversation.next) / left) * 2 * random();
    queue.replaceFirst(left === 0 ? null : conversation.next);
  }
  writer.flush();
  closeSync(file);
  return { frames, conversations: conversations.length };
}

function plan(frames, span, random) {
  const conversations = [];
  for (let left = frames; left > 0; ) {
    const [, protocol, least, greatest, seconds] = choose(mix, random());
    const size = Math.min(left, Math.floor(least * ((greatest + 1) / least) ** random()));
    const length = Math.min(span / 2, seconds * 2 * random());
    const next = random() * (span - length);
    const version = random() < 0.107 ? 6 : 4;
    const id = conversations.length;
    conversations.push({
      id,
      protocol,
      version,
      frames: size,
      sent: 0,
      next,
      end: next + length,
      forward: 0,
      backward: 0,
    });
    left -= size;
  }
  return conversations;
}

/** A binary heap of members by time. */
class TimeQueue {
  #times;
  #heap;

  /** @param {number[]} times */
  constructor(times) {
    this.#times = Float64Array.from(times);
    this.#heap = times.map((_, index) => index).sort((a, b) => times[a] - times[b]);
  }

  get size() {
    return this.#heap.length;
  }

  get first() {
    return this.#heap[0];
  }

  /** Gives the first member another time, or with null takes it out. @param {number | null} time */
  replaceFirst(time) {
    const heap = this.#heap;
    if (time === null) {
      const last = heap.pop();
      if (heap.length === 0) return;
      heap[0] = last;
    } else this.#times[heap[0]] = time;
    const moved = heap[0];
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && this.#times[heap[child + 1]] < this.#times[heap[child]]) child++;
      if (child >= heap.length || this.#times[heap[child]] >= this.#times[moved]) return;
      heap[at] = heap[child];
      heap[child] = moved;
      at = child;
    }
  }
}
