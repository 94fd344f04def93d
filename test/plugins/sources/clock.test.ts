import fc from 'fast-check';
import { expect, it } from 'vitest';
import { interfaceClock } from '../../../plugins/sources/capture/pcapng-clock.ts';

it('every resolution is exact to the nanosecond, as whole-number arithmetic has it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 255 }),
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      (resolution, stamp, offset) => {
        const exponent = BigInt(resolution & 127);
        const units = resolution < 128 ? 10n ** exponent : 1n << exponent;
        const clock = interfaceClock(resolution, offset);
        clock.read(Number(stamp >> 32n), Number(stamp & 0xffffffffn));
        expect(clock.nanoseconds).toBe(Number(((stamp % units) * 1_000_000_000n) / units));
        // Whole seconds beyond 2^53 are no times.
        const seconds = stamp / units + BigInt(offset);
        if (seconds < 1n << 53n) expect(clock.seconds).toBe(Number(seconds));
      },
    ),
    { numRuns: 20_000 },
  );
});
