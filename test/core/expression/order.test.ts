import { describe, expect, it } from 'vitest';
import { resultOf, type TestFrame } from './support/run.ts';

/** Frames at these seconds; a minus sign is the backward direction. */
const at = (...seconds: number[]): TestFrame[] =>
  seconds.map((second) => ({ time: Math.abs(second) * 1e9, forward: !Object.is(second, -0) && second >= 0 }));

describe('gap', () => {
  const frames = at(0, 1, -3, 4, -9, 20);

  it('is the difference to the previous frame; the first has none', () => {
    expect(resultOf('count(gap(time))', frames)).toBe(5);
    expect(resultOf('sum(gap(time))', frames)).toBe(20);
    expect(resultOf('first(gap(time))', frames)).toBe(1);
    expect(resultOf('min(gap(time))', at(5))).toBeNull();
  });

  it('takes over the conditions of its aggregate', () => {
    // Forward at 0, 1, 4, 20: gaps 1, 3, 16.
    expect(resultOf('mean(gap(time), forward)', frames)).toBeCloseTo(20 / 3, 12);
    expect(resultOf('max(gap(time), backward)', frames)).toBe(6);
    expect(resultOf('sum(gap(time) / 2, forward)', frames)).toBe(10);
  });

  it('runs over all frames inside a condition', () => {
    // All gaps: 1, 2, 1, 5, 11; idle above 4 s: 5 + 11.
    expect(resultOf('sum(gap(time), gap(time) > 4s)', frames)).toBe(16);
    expect(resultOf('count(gap(time) > 4s)', frames)).toBe(2);
    // Forward frames that came more than 4 s after any frame: the one at 20; its forward gap is 16.
    expect(resultOf('sum(gap(time), forward, gap(time) > 4s)', frames)).toBe(16);
  });

  it('with conditions of its own, counts from the last frame that fulfils them', () => {
    // Backward frames at 3 and 9, forward before them at 1 and 4.
    expect(resultOf('sum(gap(time, forward), backward)', frames)).toBe(7);
    expect(resultOf('mean(gap(time, backward))', frames)).toBeCloseTo((1 + 6 + 11) / 3, 12);
  });

  it('of a gap', () => {
    // Gaps 1, 2, 1, 5, 11; differences 1, -1, 4, 6.
    expect(resultOf('sum(abs(gap(gap(time))))', frames)).toBe(12);
    expect(resultOf('count(gap(gap(gap(time))))', frames)).toBe(3);
  });

  it('skips frames in which the value is empty', () => {
    const values = [1, undefined, 4].map((value, i) =>
      value === undefined ? { captured: 0, time: i } : { probe: { word: value }, time: i },
    );
    expect(resultOf('sum(gap(probe.word))', values)).toBe(3);
  });

  it('keeps the unit of its value', () => {
    const frames = [{ length: 100 }, { length: 150 }, { length: 120 }];
    expect(resultOf('min(gap(frame.len))', frames)).toBe(-30);
  });
});

describe('previous and changed', () => {
  const frames: TestFrame[] = ['a', 'a', 'b', 'a'].map((name, i) => ({
    probe: { name, word: i * i },
    time: i,
    forward: i !== 2,
  }));

  it('previous', () => {
    expect(resultOf('max(previous(probe.word))', frames)).toBe(4);
    expect(resultOf('count(previous(probe.word))', frames)).toBe(3);
    expect(resultOf('last(previous(probe.name))', frames)).toBe('b');
    expect(resultOf('last(previous(probe.name), forward)', frames)).toBe('a');
  });

  it('changed', () => {
    expect(resultOf('count(changed(probe.name))', frames)).toBe(2);
    expect(resultOf('count(changed(probe.name), forward)', frames)).toBe(0);
    expect(resultOf('count(changed(probe.name, forward))', frames)).toBe(1);
    expect(resultOf('count(changed(probe.word))', frames)).toBe(3);
    expect(resultOf('count(changed(forward))', frames)).toBe(2);
    expect(resultOf('count(not changed(probe.word))', frames)).toBe(0);
  });
});

it('early windows need no syntax of their own', () => {
  const frames = [10, 20, 30, 40].map((length, i) => ({ length, time: i * 4e9 }));
  expect(resultOf('sum(frame.len, index < 2)', frames)).toBe(30);
  expect(resultOf('count(time - start < 10s)', frames)).toBe(3);
  expect(resultOf('max(frame.len, index < 3, time - start >= 4s)', frames)).toBe(30);
});
