/** Numbers from 0 to 1, the same on every run (mulberry32). @param {number} seed */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The row that a number from 0 to 1 falls on, when each row has its first column as weight.
 * @template {readonly [number, ...unknown[]]} Row
 * @param {readonly Row[]} rows
 * @param {number} number
 * @returns {Row}
 */
export function choose(rows, number) {
  let left = number * rows.reduce((sum, [weight]) => sum + weight, 0);
  for (const row of rows) {
    left -= row[0];
    if (left < 0) return row;
  }
  return rows[rows.length - 1];
}
