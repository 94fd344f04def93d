import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileProgram } from '../../../core/expression/compile.ts';
import { interpretProgram } from '../../../core/expression/interpret.ts';
import { ExpressionError } from '../../../core/expression/problem.ts';
import { randomCondition, randomFeatures, randomFrames } from './support/random.ts';
import { type Row, requestsOf, runProgram, testRegistry } from './support/run.ts';

const registry = testRegistry();

/** Sums and moments may be added up in another order; everything else is equal. */
function same(compiled: Row | undefined, interpreted: Row | undefined): void {
  expect(Object.keys(compiled ?? {})).toEqual(Object.keys(interpreted ?? {}));
  for (const [name, value] of Object.entries(compiled ?? {})) {
    const other = interpreted![name];
    if (typeof value !== 'number' || typeof other !== 'number') expect(value).toEqual(other);
    else expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(value), Math.abs(other)));
  }
}

/** Units can clash in random expressions: those are refused by both, and say nothing. */
function refused(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    fc.pre(false);
  }
}

it('generated code and the plain interpreter give the same rows for random features and frames', () => {
  fc.assert(
    fc.property(randomFeatures, fc.option(randomCondition), randomFrames, (features, keep, frames) => {
      const options = { registry, ...(keep === null ? {} : { keep: `count(${keep}) >= 1` }) };
      refused(() =>
        same(
          runProgram(compileProgram, requestsOf(features), frames, options),
          runProgram(interpretProgram, requestsOf(features), frames, options),
        ),
      );
    }),
    { numRuns: 1500 },
  );
});

it('both agree when the time base moves in between', () => {
  fc.assert(
    fc.property(randomFeatures, randomFrames, fc.nat(), (features, frames, place) => {
      const options = { registry, move: { after: place % frames.length, delta: -5_000_000_000 } };
      refused(() => {
        const moved = runProgram(compileProgram, requestsOf(features), frames, options);
        same(moved, runProgram(interpretProgram, requestsOf(features), frames, options));
        same(moved, runProgram(compileProgram, requestsOf(features), frames, { registry }));
      });
    }),
    { numRuns: 400 },
  );
});
