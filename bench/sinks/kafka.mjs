import { createJiti } from 'jiti';

const { missingKafka, startBroker } = await createJiti(import.meta.url).import('../../test/support/kafka.ts');

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'Kafka, JSON', goal: 50_000, options: { format: 'json' } },
  { name: 'Kafka, JSON, gzip', options: { format: 'json', compression: 'gzip' } },
  { name: 'Kafka, CSV', goal: 120_000, options: { format: 'csv' } },
  { name: 'Kafka, Arrow', goal: 120_000, options: { format: 'arrow' } },
].map((one) => ({ ...one, options: { ...one.options, create: true, partitions: 4 } }));

/** A broker of its own, which has taken messages before: it is the producer that is measured. */
export async function start() {
  const missing = await missingKafka();
  if (missing !== undefined) return { missing };
  const broker = await startBroker();
  const producer = broker.client.producer({ createPartitioner: () => () => 0 });
  const admin = broker.client.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'warm', numPartitions: 1 }] });
  await admin.disconnect();
  await producer.connect();
  const value = Buffer.alloc(500_000, 'rows');
  for (let i = 0; i < 300; i += 1) await producer.send({ topic: 'warm', messages: [{ value }] });
  await producer.disconnect();
  return { target: `kafka://${broker.address}/flows`, stop: () => broker.remove() };
}
