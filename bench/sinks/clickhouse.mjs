import { createJiti } from 'jiti';

const { clickhouseObstacle, startClickhouse } = await createJiti(import.meta.url).import(
  '../../test/support/clickhouse.ts',
);

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [{ name: 'ClickHouse (server 18.16)' }];

/** A server of its own. */
export async function start() {
  const missing = clickhouseObstacle();
  if (missing !== undefined) return { missing };
  const server = await startClickhouse();
  process.env.CLICKHOUSE_PASSWORD = server.password;
  return { target: server.url, stop: () => server.end() };
}
