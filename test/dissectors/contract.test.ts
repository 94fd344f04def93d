import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBytes, checkDissector, openBench } from '../../core/testing.ts';
import { dissectors } from '../../dissectors/index.ts';
import { registry } from './support/registry.ts';
import { samples } from './support/samples.ts';

const bench = openBench(registry);
const linkTypes = [...new Set(Object.values(samples).map(({ linkType = 1 }) => linkType))];

describe('contract of dissectors', () => {
  it('has a sample of each', () => {
    expect(Object.keys(samples).toSorted()).toEqual(dissectors.map(({ name }) => name).toSorted());
  });

  for (const dissector of dissectors) {
    it(`holds for ${dissector.name}, cut short and changed`, () => {
      checkDissector(dissector, registry, samples[dissector.name]!);
    });

    it(`holds for ${dissector.name} with any bytes behind it`, () => {
      const { bytes, linkType = 1 } = samples[dissector.name]!;
      const at = bench(bytes, { linkType }).layers.find(({ name }) => name === dissector.name)!.offset;
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(40), (tail, missing) => {
          const frame = Uint8Array.from([...bytes.subarray(0, at), ...tail]);
          checkBytes(dissector.name, bench, frame, { linkType, wire: frame.length + missing });
        }),
        { numRuns: 200 },
      );
    });
  }

  it('holds for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...linkTypes), (bytes, linkType) => {
        checkBytes('any', bench, bytes, { linkType });
      }),
      { numRuns: 500 },
    );
  });
});
