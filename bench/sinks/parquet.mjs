import { join } from 'node:path';

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'Parquet, snappy', file: 'flows.parquet', goal: 40_000 },
  { name: 'Parquet, not compressed', file: 'flows.parquet', options: { compression: 'none' } },
  { name: 'Parquet, gzip', file: 'flows.parquet', options: { compression: 'gzip' } },
];

/** @param {string} folder @param {import('../sinks.mjs').Case} one */
export function start(folder, one) {
  return { target: join(folder, one.file) };
}
