import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../core/expression/compile.ts';
import { aggregates } from '../../../plugins/features/index.ts';
import { framesOf, requestsOf, resultOf, runProgram, type TestFrame } from '../../core/expression/support/run.ts';

// Expected values: exact fractions and 50-digit decimals, worked out outside of this program with two passes.
const PI = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
const NEGATIVE = [-7, 2, -7, 0, 13, -1];
const BIG = [1, 3, 0, 2, 5].map((rest) => 1e15 + rest);
const FRACTIONS = [0.1, 0.25, -0.7, 1.5];

const MOMENTS: readonly [string, readonly number[], Readonly<Record<string, number | null>>][] = [
  [
    'whole numbers',
    PI,
    {
      sum: 44,
      mean: 4,
      variance: 5.6,
      variance_pop: 5.090909090909091,
      stddev: 2.3664319132398464,
      stddev_pop: 2.256304299271065,
      cv: 0.5916079783099616,
      rms: 4.5924839782963955,
      skewness: 0.5698319531322332,
      kurtosis: -0.1096938775510204,
      median: 4,
      mode: 5,
      distinct: 7,
      entropy: 2.6635327548042547,
      min: 1,
      max: 9,
      range: 8,
      first: 3,
      last: 5,
      count: 11,
      rate: 4.4,
    },
  ],
  [
    'negative numbers',
    NEGATIVE,
    {
      sum: 0,
      mean: 0,
      variance: 54.4,
      variance_pop: 45.333333333333336,
      stddev: 7.37563556583431,
      stddev_pop: 6.733003292241385,
      cv: null,
      rms: 6.733003292241385,
      skewness: 0.828884542410988,
      kurtosis: -0.2929282006920415,
      median: -0.5,
      mode: -7,
      distinct: 5,
      entropy: 2.251629167387823,
      min: -7,
      max: 13,
      range: 20,
      first: -7,
      last: -1,
      count: 6,
      rate: 0,
    },
  ],
  [
    'big numbers with a small spread',
    BIG,
    {
      sum: 5000000000000011,
      mean: 1000000000000002.2,
      variance: 3.7,
      variance_pop: 2.96,
      stddev: 1.9235384061671346,
      stddev_pop: 1.7204650534085253,
      cv: 1.9235384061671303e-15,
      skewness: 0.395870337343817,
      kurtosis: -1.0054784514243973,
      median: 1e15 + 2,
      mode: 1e15,
      distinct: 5,
      entropy: 2.321928094887362,
      min: 1e15,
      max: 1e15 + 5,
      range: 5,
      first: 1e15 + 1,
      last: 1e15 + 5,
      count: 5,
    },
  ],
  [
    'fractions',
    FRACTIONS,
    {
      sum: 1.15,
      mean: 0.2875,
      variance: 0.8272916666666666,
      variance_pop: 0.62046875,
      stddev: 0.9095557523685212,
      stddev_pop: 0.7876983877094075,
      cv: 3.163672182151378,
      rms: 0.8385254915624212,
      skewness: 0.4158394079984218,
      kurtosis: -0.9781318741180788,
      median: 0.175,
      mode: -0.7,
      distinct: 4,
      entropy: 2,
      min: -0.7,
      max: 1.5,
      range: 2.2,
    },
  ],
  [
    'one value',
    [42],
    {
      sum: 42,
      mean: 42,
      variance: null,
      variance_pop: 0,
      stddev: null,
      stddev_pop: 0,
      cv: null,
      rms: 42,
      skewness: null,
      kurtosis: null,
      median: 42,
      mode: 42,
      distinct: 1,
      entropy: 0,
      min: 42,
      max: 42,
      range: 0,
      first: 42,
      last: 42,
      count: 1,
      rate: null,
    },
  ],
  ['two values', [1, 4], { variance: 4.5, skewness: 0, kurtosis: -2, median: 2.5, rate: 5 }],
  ['equal values', [7, 7, 7], { variance: 0, stddev: 0, skewness: null, kurtosis: null, cv: 0 }],
  [
    'no value',
    [],
    {
      sum: 0,
      mean: null,
      variance: null,
      variance_pop: null,
      stddev: null,
      stddev_pop: null,
      cv: null,
      rms: null,
      skewness: null,
      kurtosis: null,
      median: null,
      mode: null,
      distinct: 0,
      entropy: null,
      min: null,
      max: null,
      range: null,
      first: null,
      last: null,
      count: 0,
      rate: 0,
    },
  ],
];

const close = (actual: unknown, expected: number | null): void => {
  if (expected === null) expect(actual).toBeNull();
  else expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)));
};

describe('aggregates of numbers', () => {
  for (const [what, values, expected] of MOMENTS) {
    describe(what, () => {
      // For no value, frames of the other direction.
      const frames =
        values.length === 0 ? framesOf([5, 6]).map((frame) => ({ ...frame, forward: false })) : framesOf(values);
      for (const [name, result] of Object.entries(expected)) {
        it(`${name}, alone`, () => close(resultOf(`${name}(frame.len, forward)`, frames), result));
      }
      it('all of them together, which share their states', () => {
        const requests = requestsOf(
          Object.fromEntries(Object.keys(expected).map((name) => [name, `${name}(frame.len, forward)`])),
        );
        const row = runProgram(compileProgram, requests, frames)!;
        for (const [name, result] of Object.entries(expected)) close(row[name], result);
      });
      it('all of them merged from forward and backward', () => {
        const mixed = frames.map((frame, i) => ({ ...frame, forward: values.length > 0 && i % 3 !== 1 }));
        const total = Object.keys(expected).flatMap((name) => [name, `fwd_${name}`, `bwd_${name}`]);
        const requests = requestsOf(
          Object.fromEntries(
            total.map((name) => [
              name,
              `${name.slice(name.startsWith('fwd_') || name.startsWith('bwd_') ? 4 : 0)}(frame.len${name.startsWith('fwd_') ? ', forward' : name.startsWith('bwd_') ? ', backward' : ''})`,
            ]),
          ),
        );
        const row = runProgram(compileProgram, requests, mixed)!;
        if (values.length > 0) for (const [name, result] of Object.entries(expected)) close(row[name], result);
        else expect(row.fwd_count).toBe(0);
      });
    });
  }

  it('quantiles of type 7', () => {
    const at = (q: string, values: readonly number[]) => resultOf(`quantile(frame.len, ${q})`, framesOf(values));
    expect([at('0', PI), at('0.25', PI), at('0.5', PI), at('0.9', PI), at('1', PI)]).toEqual([1, 2.5, 4, 6, 9]);
    expect([at('0.25', NEGATIVE), at('0.9', NEGATIVE)]).toEqual([-5.5, 7.5]);
    close(at('0.9', FRACTIONS), 1.125);
  });

  it('nth counts from 1', () => {
    expect([1, 3, 11, 12].map((n) => resultOf(`nth(frame.len, ${n})`, framesOf(PI)))).toEqual([3, 4, 5, null]);
  });

  it('head fills up with empty items', () => {
    expect(runProgram(compileProgram, requestsOf(['head(frame.len, 4)']), framesOf([8, 9]))).toEqual({
      a_1: 8,
      a_2: 9,
      a_3: null,
      a_4: null,
    });
    expect(
      runProgram(
        compileProgram,
        [{ name: 'h', at: '', value: 'head(frame.len, 3)', list: 'text' }],
        framesOf([8, 0.1]),
      ),
    ).toEqual({ h: '8;0.1;' });
  });

  it('histogram bins are closed below and open above', () => {
    const row = runProgram(
      compileProgram,
      requestsOf(['histogram(frame.len, {0, 100, 500})']),
      framesOf([-1, 0, 99, 100, 499.9, 500, 1e9]),
    );
    expect(row).toEqual({ a_1: 1, a_2: 2, a_3: 2, a_4: 2 });
  });

  it('histogram of durations has edges with units', () => {
    const frames = [0, 0.001, 0.011, 5].map((time) => ({ time: time * 1e9 }));
    const row = runProgram(compileProgram, requestsOf(['histogram(gap(time), {1ms, 10ms, 1s})']), frames);
    expect(row).toEqual({ a_1: 0, a_2: 1, a_3: 1, a_4: 1 });
  });
});

describe('aggregates of other kinds of value', () => {
  const named = (...names: string[]): TestFrame[] => names.map((name, i) => ({ probe: { name }, time: i * 1e9 }));

  it('texts', () => {
    const frames = named('b', 'a', 'b', 'a', 'c');
    expect(resultOf('first(probe.name)', frames)).toBe('b');
    expect(resultOf('last(probe.name)', frames)).toBe('c');
    expect(resultOf('nth(probe.name, 2)', frames)).toBe('a');
    expect(resultOf('mode(probe.name)', frames)).toBe('a');
    expect(resultOf('distinct(probe.name)', frames)).toBe(3);
    expect(resultOf('count(probe.name)', frames)).toBe(5);
    close(resultOf('entropy(probe.name)', frames), 1.5219280948873621); // 2 x 0.4 log2 2.5 + 0.2 log2 5
  });

  it('addresses print in their usual form', () => {
    expect(resultOf('first(probe.source)', named('x'))).toBe('10.0.0.1');
  });

  it('booleans', () => {
    const frames = [true, false, true, true].map((a, i) => ({ probe: { a }, time: i * 1e9 }));
    expect(resultOf('count(probe.a)', frames)).toBe(3);
    expect(resultOf('sum(probe.a)', frames)).toBe(3);
    expect(resultOf('mean(probe.a)', frames)).toBe(0.75);
    expect(resultOf('any(probe.a)', frames)).toBe(1);
    expect(resultOf('all(probe.a)', frames)).toBe(0);
    expect(resultOf('all(probe.a, index != 1)', frames)).toBe(1);
    expect(resultOf('any(probe.b)', frames)).toBe(0);
    expect(resultOf('first(probe.a)', frames)).toBe(1);
  });

  it('of nothing, any is false and all is true', () => {
    expect(resultOf('any(probe.a, backward)', named('x'))).toBe(0);
    expect(resultOf('all(probe.a, backward)', named('x'))).toBe(1);
  });

  it('times', () => {
    const frames = [0, 1, 5].map((time) => ({ time: time * 1e9 }));
    expect(resultOf('first(time)', frames)).toBe('1700000000.000000000');
    expect(resultOf('max(time)', frames)).toBe('1700000005.000000000');
    expect(resultOf('mean(time)', frames)).toBe('1700000002.000000000');
    expect(resultOf('median(time)', frames)).toBe('1700000001.000000000');
    expect(resultOf('range(time)', frames)).toBe(5);
    close(resultOf('stddev(time)', frames), Math.sqrt(7));
    close(resultOf('variance(time)', frames), 7);
  });

  it('durations', () => {
    const frames = [0, 0.5, 2].map((time) => ({ time: time * 1e9 }));
    expect(resultOf('mean(gap(time))', frames)).toBe(1);
    close(resultOf('variance(gap(time))', frames), 0.5);
    close(resultOf('stddev(gap(time))', frames), Math.SQRT1_2);
    close(resultOf('rms(gap(time))', frames), Math.sqrt(1.25));
    expect(resultOf('rate(gap(time))', frames)).toBe(1);
    expect(resultOf('quantile(gap(time), 1)', frames)).toBe(1.5);
  });
});

describe('declarations of aggregates', () => {
  it('are those of the language', () => {
    const language =
      'count sum mean min max range first last nth variance variance_pop stddev stddev_pop cv skewness kurtosis rms median quantile mode distinct entropy histogram head any all rate';
    const names = aggregates.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(language.split(' ')));
    expect(new Set(names).size).toBe(names.length);
  });

  it('say what they are, how they are computed and what they are of nothing', () => {
    for (const { description, estimator, empty, accepts } of aggregates) {
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(estimator).not.toBe('');
      expect(empty).not.toBe('');
      expect(accepts.length).toBeGreaterThan(0);
    }
  });
});

describe('mean_deviation', () => {
  it('is exact for few values', () => {
    // Around 4: 1, 3, 0, 3, 1, 5, 2, 2, 1, 1, 1.
    expect(resultOf('mean_deviation(frame.len)', framesOf(PI))).toBeCloseTo(20 / 11, 12);
    expect(resultOf('mean_deviation(frame.len)', framesOf([7]))).toBe(0);
    expect(resultOf('mean_deviation(frame.len, backward)', framesOf(PI))).toBeNull();
    expect(resultOf('mean_deviation(gap(time))', framesOf([1, 1, 1]))).toBe(0);
  });

  it('stays near for many', () => {
    const values = Array.from({ length: 5000 }, (_, i) => (i % 4) * 10);
    // Around 15: 15, 5, 5, 15.
    expect(resultOf('mean_deviation(frame.len)', framesOf(values))).toBeCloseTo(10, 1);
  });
});

describe('bit_or', () => {
  it('has every bit that was set, also the 32nd', () => {
    expect(resultOf('bit_or(frame.len)', framesOf([1, 2, 8, 2]))).toBe(11);
    expect(resultOf('bit_or(frame.len)', framesOf([2 ** 31, 1]))).toBe(2 ** 31 + 1);
    expect(resultOf('bit_or(frame.len, backward)', framesOf([1]))).toBeNull();
    const both = framesOf([1, 4]).map((frame, i) => ({ ...frame, forward: i === 0 }));
    const requests = requestsOf(['bit_or(frame.len, forward)', 'bit_or(frame.len, backward)', 'bit_or(frame.len)']);
    expect(runProgram(compileProgram, requests, both)).toEqual({ a: 1, b: 4, c: 5 });
  });
});

describe('literals of new aggregates', () => {
  it.each([
    ['period_mean(time, 5)', 'gap is not a duration'],
    ['period_mean(time, gap(time))', 'gap is not a duration'],
    ['period_mean(frame.len, 5s)', 'period_mean does not take'],
    ['head_bytes(frame.len, 4)', 'head_bytes does not take'],
    ['head_bytes(probe.name, 4)', 'head_bytes does not take'],
    ['head_bytes(payload, 0)', 'n is from 1 to 4096'],
    ['head_bytes(payload, 4097)', 'n is from 1 to 4096'],
  ])('%s is refused: %s', (value, message) => {
    expect(() => resultOf(value, framesOf([1]))).toThrow(message);
  });
});

it('periods are the same when the time base moves in between', () => {
  // Periods of 2 s and of 1 s, by hand.
  const frames = [0, 2, 9, 10].map((time) => ({ time: time * 1e9 }));
  const requests = requestsOf(['period_max(time, 5s)', 'period_min(time, 5s)', 'closed_period_max(time, 5s)']);
  for (const after of [1, 2, 3])
    expect(runProgram(compileProgram, requests, frames, { move: { after, delta: -7e9 } })).toEqual({
      a: 2,
      b: 1,
      c: 2,
    });
});
