import { mkdirSync, rmSync } from 'node:fs';
import { measure } from './measure.mjs';

/**
 * Runs every peer once in each round, so that a slow minute of the machine falls on all, and every other round in
 * reverse, so that none profits or suffers from its neighbours alone. One that fails is out.
 * @param {readonly import('./peers.mjs').Peer[]} peers
 * @param {(peer: import('./peers.mjs').Peer) => import('./peers.mjs').Context} contextOf
 * @param {{ count: number, slow: number, pinned: boolean }} rounds how many, and in how many of them the slow take part
 * @param {string} folder
 */
export async function takeTurns(peers, contextOf, rounds, folder) {
  /** @type {import('./goals.mjs').Costs} */
  const costs = new Map(peers.map(({ name }) => [name, []]));
  /** @type {Map<string, import('./peers.mjs').Rows>} */
  const rows = new Map();
  const failed = new Set();
  const conditions = { pinned: rounds.pinned, folder };
  for (let round = 0; round < rounds.count; round++) {
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      if (failed.has(peer) || (peer.slow && round >= rounds.slow)) continue;
      const words = `${rounds.pinned ? 'pinned' : 'not pinned'}, round ${round + 1}: ${peer.name}`;
      try {
        const context = contextOf(peer);
        rmSync(context.folder, { recursive: true, force: true });
        mkdirSync(context.folder);
        const cost = await (peer.measure?.(context, conditions) ?? measure(peer.command(context), conditions));
        if (round === 0 && peer.rows) rows.set(peer.name, await peer.rows(context));
        costs.get(peer.name)?.push(cost);
        console.log(`${words} ${cost.seconds.toFixed(3)} s`);
      } catch (error) {
        failed.add(peer);
        console.log(`${words} failed and is out: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      }
    }
  }
  return { peers, costs, rows };
}
