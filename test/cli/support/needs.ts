import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Python of the tests: PACKETLOOM_PYTHON names one with the packages. */
export const python = process.env.PACKETLOOM_PYTHON ?? 'python3';

/** Undefined when the program can be run so; else why not. */
export function missing(program: string, ...words: readonly string[]): string | undefined {
  const { error, status } = spawnSync(program, words, { stdio: 'ignore' });
  return error === undefined && status === 0 ? undefined : `${[program, ...words].join(' ')} does not work here`;
}

/** Leaves a test out, with the reason, when something is missing; fails it where nothing may be missing. */
export function need(context: Pick<TestContext, 'skip'>, why: string | undefined): void {
  if (why === undefined) return;
  if (process.env.PACKETLOOM_REQUIRE_ALL === '1') throw new Error(why);
  console.warn(`skipped: ${why}`);
  context.skip(why);
}

/** Asks until the answer is not undefined. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined, seconds = 20): Promise<T> {
  for (const end = Date.now() + 1000 * seconds; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
