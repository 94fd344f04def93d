import { describe, expect, it } from 'vitest';
import { Distinct, EXACT_DISTINCT } from '../../../core/statistics/distinct.ts';
import { Entropy, EXACT_ENTROPY } from '../../../core/statistics/entropy.ts';
import { EXACT_FREQUENT, Frequent } from '../../../core/statistics/frequent.ts';
import { EXACT_QUANTILES, Quantiles } from '../../../core/statistics/quantiles.ts';

/** Numbers from 0 to 1 in no order, the same on every run (Lehmer 1951, the "minimal standard"). */
function* unordered(count: number, seed = 1): Iterable<number> {
  let state = seed;
  for (let i = 0; i < count; i += 1) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}

describe('quantiles', () => {
  it(`are exact up to ${EXACT_QUANTILES} values`, () => {
    const sketch = new Quantiles();
    for (let i = EXACT_QUANTILES; i >= 1; i -= 1) sketch.add(i);
    // Type 7 by hand: 1 + q (n - 1).
    for (const q of [0, 0.001, 0.25, 0.5, 0.9, 1]) expect(sketch.at(q)).toBeCloseTo(1 + q * (EXACT_QUANTILES - 1), 9);
  });

  const streams: readonly [string, (u: number, i: number) => number][] = [
    ['uniform', (u) => u],
    ['with a long tail', (u) => 1 / (1 - u)],
    ['rising', (_u, i) => i],
    ['falling', (_u, i) => -i],
    ['of few values', (u) => Math.floor(u * 10)],
    ['big with a small spread', (u) => 1e15 + Math.floor(u * 1000)],
  ];
  it.each(streams)('beyond that the rank is off by less than 0.7 % (%s)', (_name, of) => {
    for (const count of [1001, 5_000, 200_000]) {
      const sketch = new Quantiles();
      const values = [...unordered(count, 7)].map(of);
      for (const value of values) sketch.add(value);
      values.sort((a, b) => a - b);
      for (let q = 0; q <= 1; q += 0.05) {
        const value = sketch.at(q);
        // Equal values have a range of ranks.
        const below = values.findIndex((one) => one >= value) / count;
        const first = values.findIndex((one) => one > value);
        const upTo = (first < 0 ? count : first) / count;
        expect(q).toBeGreaterThanOrEqual(below - 0.007);
        expect(q).toBeLessThanOrEqual(upTo + 0.007);
      }
    }
  });

  it('move', () => {
    const sketch = new Quantiles();
    for (let i = 0; i < 5000; i += 1) sketch.add(i);
    const before = sketch.at(0.3);
    sketch.shift(-1e6);
    expect(sketch.at(0.3)).toBe(before - 1e6);
  });

  it('of nothing are empty', () => expect(new Quantiles().at(0.5)).toBeNaN());
});

describe('distinct values', () => {
  it(`are counted exactly up to ${EXACT_DISTINCT}`, () => {
    const sketch = new Distinct();
    for (let i = 0; i < 5 * EXACT_DISTINCT; i += 1) sketch.add(i % EXACT_DISTINCT);
    expect(sketch.count()).toBe(EXACT_DISTINCT);
  });

  it.each(['whole numbers', 'fractions', 'texts'])('beyond that the standard error is 1.6 %% (%s)', (kind) => {
    for (const count of [1001, 3_000, 10_000, 20_000, 100_000, 500_000]) {
      const errors = [1, 2, 3, 4].map((seed) => {
        const sketch = new Distinct();
        for (let i = 0; i < count; i += 1) {
          const value = i + seed * 1e7;
          sketch.add(kind === 'texts' ? `host${value}.example` : kind === 'fractions' ? value / 7 : value);
        }
        return sketch.count() / count - 1;
      });
      // Four standard errors for each, less for their mean.
      for (const error of errors) expect(Math.abs(error)).toBeLessThan(4 * 0.0163);
      expect(Math.abs(errors.reduce((a, b) => a + b) / 4)).toBeLessThan((3 * 0.0163) / 2);
    }
  });

  it('merge as one, exact or not', () => {
    const make = (from: number, to: number): Distinct => {
      const sketch = new Distinct();
      for (let i = from; i < to; i += 1) sketch.add(i);
      return sketch;
    };
    for (const [a, b] of [
      [600, 300],
      [600, 5000],
      [5000, 600],
      [5000, 9000],
    ] as const) {
      const merged = make(0, a);
      merged.merge(make(0, b));
      expect(merged.count()).toBe(make(0, Math.max(a, b)).count());
    }
  });
});

describe('frequent values', () => {
  it('the mode is exact for few values, the smallest on a tie', () => {
    const sketch = new Frequent();
    for (const value of [5, 3, 5, 3, 9]) sketch.add(value);
    expect(sketch.mode()).toBe(3);
    const texts = new Frequent();
    for (const value of ['b', 'a', 'b', 'a']) texts.add(value);
    expect(texts.mode()).toBe('a');
    expect(new Frequent().mode()).toBeNull();
  });

  it(`a value more frequent than n / ${EXACT_FREQUENT + 1} by itself is found among very many`, () => {
    const sketch = new Frequent();
    let i = 0;
    for (const u of unordered(300_000)) {
      i += 1;
      sketch.add(u < 0.01 ? -1 : i); // 1 %, and every other value once
    }
    expect(sketch.mode()).toBe(-1);
  });

  it('move', () => {
    const sketch = new Frequent();
    for (const value of [1, 2, 2]) sketch.add(value);
    sketch.shift(100);
    expect(sketch.mode()).toBe(102);
  });
});

describe('entropy', () => {
  it('is exact for few values', () => {
    const sketch = new Entropy();
    for (let i = 0; i < EXACT_ENTROPY * 3; i += 1) sketch.add(i % EXACT_ENTROPY);
    expect(sketch.bits()).toBeCloseTo(Math.log2(EXACT_ENTROPY), 12);
  });

  // By hand: the entropy of the distribution that the values are drawn from, and that of as many draws.
  const distributions: readonly [string, (u: number, i: number) => number, (n: number) => number][] = [
    ['all different', (_u, i) => i, (n) => Math.log2(n)],
    ['5,000 equally often', (_u, i) => i % 5000, () => Math.log2(5000)],
    ['half of them one value, the rest different', (_u, i) => (i % 2 ? -1 : i), (n) => 0.5 * 1 + 0.5 * Math.log2(n)],
    [
      'all but one in 50 one value',
      (_u, i) => (i % 50 ? -1 : i),
      (n) => 0.98 * Math.log2(1 / 0.98) + 0.02 * Math.log2(n),
    ],
  ];
  it.each(distributions)(
    'beyond that it is estimated within three times log2(n) / 63 bits (%s)',
    (_name, of, expected) => {
      for (const count of [100_000, 400_000]) {
        const sketch = new Entropy();
        let i = 0;
        for (const u of unordered(count)) {
          sketch.add(of(u, i));
          i += 1;
        }
        expect(Math.abs(sketch.bits() - expected(count))).toBeLessThan((3 * Math.log2(count)) / 63);
      }
    },
  );

  it('of nothing is empty', () => expect(new Entropy().bits()).toBeNaN());
});
