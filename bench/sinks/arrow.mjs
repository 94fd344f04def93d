import { join } from 'node:path';

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'Arrow IPC file', file: 'flows.arrow', goal: 300_000 },
  { name: 'Arrow IPC stream', file: 'flows.arrows', goal: 300_000 },
];

/** @param {string} folder @param {import('../sinks.mjs').Case} one */
export function start(folder, one) {
  return { target: join(folder, one.file) };
}
