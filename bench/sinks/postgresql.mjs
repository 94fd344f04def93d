import { createJiti } from 'jiti';

const { postgresqlObstacle, startPostgresql } = await createJiti(import.meta.url).import(
  '../../test/support/postgresql.ts',
);

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [{ name: 'PostgreSQL', goal: 50_000 }];

/** A server of its own, with its settings as they come: each segment waits for the disk. */
export async function start() {
  const missing = postgresqlObstacle();
  if (missing !== undefined) return { missing };
  const server = await startPostgresql({ durable: true });
  process.env.PGPASSWORD = server.password;
  return { target: server.url, stop: () => server.end() };
}
