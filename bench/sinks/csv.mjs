import { join } from 'node:path';

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'CSV', file: 'flows.csv', goal: 200_000 },
  { name: 'CSV, gzip', file: 'flows.csv.gz' },
  { name: 'CSV, rotated every 100,000 rows', file: 'flows.csv', options: { rotateRows: 100_000 } },
];

/** @param {string} folder @param {import('../sinks.mjs').Case} one */
export function start(folder, one) {
  return { target: join(folder, one.file) };
}
