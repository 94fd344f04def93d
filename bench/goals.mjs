import { medianText, megabytes, table } from './report.mjs';
import { median } from './statistics.mjs';

/**
 * What packetloom is to reach pinned to one core, as ratios in the same round: [what, of, limit, of which value].
 * @type {readonly (readonly [string, string, number, 'seconds' | 'cpu'])[]}
 */
const ratios = [
  ['packetloom-basic', 'nfpcapd', 1.0, 'seconds'],
  ['packetloom-statistical', 'nfpcapd', 1.3, 'seconds'],
  ['packetloom-statistical', 'argus', 0.5, 'seconds'],
  ['packetloom-statistical', 'argus', 0.5, 'cpu'], // its wall time comes in whole seconds
  ['packetloom-basic', 'tshark', 1 / 30, 'seconds'],
];
const greatestPeak = 200e6;

/** @typedef {Map<string, import('./measure.mjs').Cost[]>} Costs by name of peer, one for each round it took part in */

/**
 * Wall or CPU time of one peer over that of another, round by round, where both ran.
 * @param {Costs} costs
 * @param {string} name
 * @param {string} other
 * @param {'seconds' | 'cpu'} [value]
 */
export function ratiosOf(costs, name, other, value = 'seconds') {
  const others = costs.get(other) ?? [];
  const both = (costs.get(name) ?? []).slice(0, others.length);
  return both.flatMap((cost, round) => {
    const [own, its] = [cost[value], others[round][value]];
    return own === null || its === null ? [] : own / its;
  });
}

/** The table of goals met and missed; empty when nothing of it was measured. @param {Costs} costs */
export function goalsText(costs) {
  const rows = ratios.flatMap(([name, other, limit, value]) => {
    const measured = ratiosOf(costs, name, other, value);
    if (measured.length === 0) return [];
    const what = `${name} / ${other}, ${value === 'cpu' ? 'CPU' : 'wall'} time`;
    return [[what, limit.toFixed(3), medianText(measured, 3), verdict(median(measured) <= limit)]];
  });
  for (const [name, all] of costs) {
    const peaks = all.flatMap(({ peak }) => peak ?? []);
    if (!name.startsWith('packetloom') || peaks.length === 0) continue;
    const greatest = Math.max(...peaks);
    rows.push([`${name}, peak MB`, megabytes(greatestPeak), megabytes(greatest), verdict(greatest <= greatestPeak)]);
  }
  return rows.length === 0 ? '' : table(['goal', 'at most', 'measured', 'reached'], rows);
}

function verdict(reached) {
  return reached ? 'yes' : '**no**';
}
