import { expect, it } from 'vitest';
import { RecordQueue } from '../../../plugins/sources/live/record-queue.ts';
import { counting, pcapHeader, pcapRecord } from './support/bytes.ts';

/** The other side: takes at most `takes` bytes in all until more are allowed. */
class Pipe {
  takes = 0;
  readonly #parts: Buffer[] = [];

  readonly write = (bytes: Uint8Array, from: number, to: number): number => {
    const taken = Math.min(this.takes, to - from);
    this.takes -= taken;
    this.#parts.push(Buffer.from(bytes.subarray(from, from + taken)));
    return taken;
  };

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const header = pcapHeader({ magic: 0xa1b23c4d, linkType: 113, snapLength: 65_535 });

it('writes a pcap file with nanoseconds, however little is taken at once', () => {
  const pipe = new Pipe();
  const queue = new RecordQueue(pipe.write, 256);
  queue.begin(113, 65_535);
  const expected = [header];
  for (let i = 0; i < 30; i += 1) {
    queue.add(counting(200, i), 40 + i, 90 + i, 1_700_000_000 + i, 999_999_999 - i);
    expected.push(pcapRecord(1_700_000_000 + i, 999_999_999 - i, counting(40 + i, i), { wire: 90 + i }));
    pipe.takes = i * 3;
    queue.flush();
  }
  expect(queue.flush()).toBe(false);
  pipe.takes = 1e9;
  expect(queue.flush()).toBe(true);
  expect(pipe.bytes.equals(Buffer.concat(expected))).toBe(true);
  expect(queue.dropped).toBe(0);
});

it('drops and counts what does not fit, and goes on when there is room again', () => {
  const pipe = new Pipe();
  // Two blocks of 256: the first takes the header and two records of 100 bytes, the second two.
  const queue = new RecordQueue(pipe.write, 256, 2);
  queue.begin(1, 65_535);
  for (let i = 0; i < 7; i += 1) queue.add(counting(84, i), 84, 84, i, 0);
  expect(queue.pressing).toBe(true);
  expect(queue.dropped).toBe(3);
  pipe.takes = 1e9;
  expect(queue.flush()).toBe(true);
  queue.add(counting(84, 7), 84, 84, 7, 0);
  queue.flush();
  const kept = [0, 1, 2, 3, 7].map((i) => pcapRecord(i, 0, counting(84, i)));
  expect(pipe.bytes.subarray(24).equals(Buffer.concat(kept))).toBe(true);
  expect(queue.dropped).toBe(3);
});
