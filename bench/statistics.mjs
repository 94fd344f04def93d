/** @param {readonly number[]} values */
export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Median, least and greatest of the values; null when there are none.
 * @param {readonly number[]} values
 */
export function spread(values) {
  if (values.length === 0) return null;
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values), count: values.length };
}

/**
 * Geometric mean of paired ratios with its confidence interval, from the t distribution of their logarithms.
 * @param {readonly number[]} ratios at least five
 * @param {number} [deviate] two-sided normal deviate of the level wanted; 1.96 for 95 %
 */
export function ratioInterval(ratios, deviate = 1.959964) {
  if (ratios.length < 5) throw new Error(`an interval needs at least 5 pairs, there are ${ratios.length}`);
  const logarithms = ratios.map(Math.log);
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / ratios.length;
  const squares = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = studentDeviate(deviate, ratios.length - 1) * Math.sqrt(squares / (ratios.length - 1) / ratios.length);
  return { ratio: Math.exp(mean), lower: Math.exp(mean - half), upper: Math.exp(mean + half) };
}

/** Cornish-Fisher expansion of Student's t; within 1 % of the tables from 4 degrees of freedom on. */
function studentDeviate(z, degrees) {
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const fourth = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3 + fourth / degrees ** 4;
}
