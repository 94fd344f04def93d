import { join } from 'node:path';

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'JSON lines', file: 'flows.jsonl', goal: 60_000 },
  { name: 'JSON lines, gzip', file: 'flows.jsonl.gz' },
  { name: 'JSON lines, rotated every 100,000 rows', file: 'flows.jsonl', options: { rotateRows: 100_000 } },
];

/** @param {string} folder @param {import('../sinks.mjs').Case} one */
export function start(folder, one) {
  return { target: join(folder, one.file) };
}
