import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Segments } from '../../../../plugins/features/imitations/cicflowmeter/segments.ts';

const few = (most: number) => fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: most }));
const segment = fc.tuple(fc.integer({ min: 0, max: 1 }), few(2 ** 32 - 1), few(2 ** 32 - 1), few(2 ** 18), few(65_535));

test('a segment was seen when all five numbers were', () => {
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 300, size: 'max' }), (all) => {
      const segments = new Segments();
      const seen = new Set<string>();
      for (const [side, sequence, acknowledgment, length, window] of all) {
        const name = [side, sequence, acknowledgment, length, window].join();
        expect(segments.add(side, sequence, acknowledgment, length, window)).toBe(seen.has(name));
        seen.add(name);
      }
    }),
  );
});
