import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.mjs';

/**
 * Bytes that collections of the young generation freed, in all threads of a packetloom run, to 0.1 MB a collection.
 * @param {readonly string[]} words script and arguments; the script must not write to standard output
 * @param {import('./measure.mjs').Conditions} conditions
 */
export async function youngGarbage(words, conditions) {
  const output = join(conditions.folder, 'trace-gc');
  await measure({ stages: [[process.execPath, '--trace-gc', ...words]], output }, conditions);
  let [bytes, collections] = [0, 0];
  for (const [, before, after] of readFileSync(output, 'utf8').matchAll(young)) {
    bytes += (Number(before) - Number(after)) * 2 ** 20;
    collections++;
  }
  return { bytes, collections };
}

/** As in `Scavenge 4.2 (5.5) -> 3.9 (6.5) MB`; newer versions of V8 can collect with `Minor Mark-Sweep`. */
const young = /(?:Scavenge|Minor Mark-\w+)[^\d]*? ([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB/g;
