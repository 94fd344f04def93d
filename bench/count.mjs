import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * Rows of a CSV file and the sum of its packet columns; fields must not contain commas.
 * @param {string} path
 * @param {object} options
 * @param {readonly (readonly string[])[]} options.packets sets of columns; the first set that is there is summed
 * @param {{ column: string, value: string }} [options.skip] rows that are not flows
 */
export async function countCsv(path, { packets, skip }) {
  let [flows, frames] = [0, 0];
  /** @type {number[] | null} */
  let columns = null;
  let skipped = -1;
  for await (const line of lines(path)) {
    const cells = line.split(',');
    if (columns === null) {
      columns = packets.map((names) => names.map((name) => cells.indexOf(name))).find((set) => !set.includes(-1)) ?? [];
      skipped = skip ? cells.indexOf(skip.column) : -1;
    } else if (skipped < 0 || cells[skipped] !== skip?.value) {
      flows++;
      for (const column of columns) frames += Number(cells[column]);
    }
  }
  return { flows, packets: columns?.length ? frames : null };
}

/** @param {string} path */
export async function countLines(path) {
  let count = 0;
  for await (const _ of lines(path)) count++;
  return count;
}

/** Flows and packets in nfdump's files. @param {string} folder */
export function countFlows(folder) {
  const text = execFileSync('nfdump', ['-R', folder, '-I'], { encoding: 'utf8' });
  const number = (name) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { flows: number('Flows'), packets: number('Packets') };
}

function lines(path) {
  return createInterface({
    input: createReadStream(path, { highWaterMark: 1 << 20 }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
}
