import { ratiosOf } from './goals.mjs';
import { count, medianText, megabytes, table } from './report.mjs';

const columns = ['tool', 'wall s', '× nfpcapd', 'CPU s', 'peak MB', 'flows', 'packets', 'runs'];

/**
 * One row for each peer.
 * @param {object} results
 * @param {readonly import('./peers.mjs').Peer[]} results.peers
 * @param {import('./goals.mjs').Costs} results.costs
 * @param {Map<string, import('./peers.mjs').Rows>} results.rows
 */
export function resultTable({ peers, costs, rows }) {
  const lines = peers.map(({ name, title }) => {
    const own = costs.get(name) ?? [];
    const peaks = own.flatMap(({ peak }) => peak ?? []);
    return [
      title,
      medianText(own.map(({ seconds }) => seconds)),
      medianText(ratiosOf(costs, name, 'nfpcapd')),
      medianText(own.map(({ cpu }) => cpu)),
      peaks.length === 0 ? '–' : megabytes(Math.max(...peaks)),
      count(rows.get(name)?.flows ?? null),
      count(rows.get(name)?.packets ?? null),
      own.length,
    ];
  });
  return table(columns, lines);
}
