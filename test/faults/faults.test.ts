import { describe, expect, test } from 'vitest';
import { unavailable } from '../support/unavailable.ts';
import { scenarios } from './scenarios.ts';
import { trials } from './trials.ts';

/** In each run of the tests; `npm run faults -- --runs 200` does more. */
const RUNS = 20;

describe.each(scenarios.map((one) => [one.name, one] as const))('%s', (name, scenario) => {
  if (unavailable(name, scenario.obstacle?.())) return;
  test(scenario.description, async () => {
    const happened = await trials(scenario, RUNS);
    expect(Object.values(happened).reduce((sum, count) => sum + count, 0)).toBe(RUNS);
  });
});
