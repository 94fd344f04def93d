import { createJiti } from 'jiti';

const { missingNats, startNats } = await createJiti(import.meta.url).import('../../test/support/nats.ts');

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'NATS JetStream, JSON', goal: 50_000, options: { format: 'json' } },
  { name: 'NATS JetStream, CSV', goal: 120_000, options: { format: 'csv' } },
  { name: 'NATS JetStream, Arrow', goal: 120_000, options: { format: 'arrow' } },
].map((one) => ({ ...one, options: { ...one.options, create: true } }));

/** A server of its own. */
export async function start() {
  const missing = missingNats();
  if (missing !== undefined) return { missing };
  const server = await startNats();
  return { target: `nats://${server.address}/flows`, stop: () => server.remove() };
}
