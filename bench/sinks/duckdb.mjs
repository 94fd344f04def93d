import { join } from 'node:path';

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [{ name: 'DuckDB', file: 'flows.duckdb', goal: 70_000 }];

/** @param {string} folder @param {import('../sinks.mjs').Case} one */
export function start(folder, one) {
  return { target: join(folder, one.file) };
}
