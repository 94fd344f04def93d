import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Bytes,
  block,
  counting,
  description,
  enhanced,
  option,
  pcapHeader,
  pcapRecord,
  section,
} from './support/bytes.ts';
import { fileOf, readAll } from './support/read-frames.ts';

const pcap = Buffer.concat([
  pcapHeader(),
  pcapRecord(1, 2, counting(5)),
  pcapRecord(3, 4, Buffer.alloc(0), { wire: 9 }),
  pcapRecord(5, 6, counting(300)),
  pcapRecord(7, 8, counting(14)),
]);
const pcapng = Buffer.concat([
  section(),
  block(0x7777, counting(50)),
  description({ options: [option(2, Buffer.from('one'))] }),
  enhanced(1n, counting(5), { options: [option(1, Buffer.from('note'))] }),
  block(4, counting(20)),
  section({ little: false }),
  description({ little: false, linkType: 101 }),
  block(3, new Bytes(false).u32(300).raw(counting(300)).done(), { little: false }),
  enhanced(2n, counting(31), { little: false, options: [option(4, new Bytes(false).u64(7n).done(), false)] }),
]);

/** What does not depend on how the bytes were cut. */
const essence = ({ frames, statistics, interfaces }: Awaited<ReturnType<typeof readAll>>) => ({
  frames,
  interfaces,
  counted: statistics.map(({ frames: count, blocksSkipped, damaged, drops }) => ({
    count,
    blocksSkipped,
    damaged,
    drops,
  })),
});

describe.each([
  ['pcap', pcap, 4],
  ['pcapng', pcapng, 3],
] as const)('%s', (_name, bytes, count) => {
  const path = fileOf(bytes);

  it('is the same however many bytes are read at once', async () => {
    const whole = essence(await readAll(path));
    expect(whole.frames).toHaveLength(count);
    for (let chunk = 1; chunk <= bytes.length; chunk += 1) {
      expect(essence(await readAll(path, { chunk })), `${chunk} bytes`).toEqual(whole);
    }
  });

  it('is the same in batches of few frames and few bytes', async () => {
    const whole = essence(await readAll(path));
    for (const capacity of [1, 2, 3, 100]) {
      for (const size of [1, 16, 100, 1000]) {
        for (const chunk of [1, 10, 1000]) {
          const read = await readAll(path, { capacity, bytes: size, chunk });
          expect(essence(read), `${capacity} ${size} ${chunk}`).toEqual(whole);
        }
      }
    }
  });

  it('with any bytes changed: never a throw, the same for any cut, frames inside the file', async () => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 30, max: bytes.length }),
        fc.integer({ min: 1, max: 64 }),
        async (changes, length, chunk) => {
          const changed = Buffer.from(bytes);
          // The first four bytes say what the file is.
          for (const { at, value } of changes) if (at >= 4) changed[at] = value;
          const file = fileOf(changed.subarray(0, length), 'changed');
          const whole = await readAll(file);
          expect(essence(await readAll(file, { chunk, bytes: 64, capacity: 2 }))).toEqual(essence(whole));
          for (const { fileOffset, bytes: hex } of whole.frames) {
            expect(fileOffset).toBeLessThan(length);
            expect(changed.subarray(fileOffset, length).toString('hex')).toContain(hex);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('batches stay full when frames are small: what is read ahead is not carried around', async () => {
  const many = Buffer.concat([pcapHeader(), ...Array.from({ length: 2000 }, (_, i) => pcapRecord(i, 0, counting(10)))]);
  const { frames } = await readAll(many, { capacity: 64 });
  expect(frames.map(({ seconds }) => seconds)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
});
