// Reads flows from a Kafka topic up to its present end, each message once, and prints who talks most.
//
//   npx jiti consumer.ts [broker,broker] [topic]
import kafkajs from 'kafkajs';

const [brokers = 'localhost:9092', topic = 'flows'] = process.argv.slice(2);

/** Keys of messages that are remembered: a repeated message comes soon after the first, or after a restart. */
const REMEMBERED = 100_000;

interface Flow {
  readonly src_ip: string | null;
  readonly fwd_bytes: number;
  readonly bwd_bytes: number;
}

const seen = new Set<string>();
const talkers = new Map<string, { flows: number; bytes: number }>();
let repeated = 0;

/** False for a message whose key was there before. */
function isNew(key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  // A set keeps its order: the first is the oldest.
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value!);
  return true;
}

function count({ src_ip, fwd_bytes, bwd_bytes }: Flow): void {
  const talker = talkers.get(src_ip ?? '-') ?? { flows: 0, bytes: 0 };
  talker.flows += 1;
  talker.bytes += fwd_bytes + bwd_bytes;
  talkers.set(src_ip ?? '-', talker);
}

const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });

// Where the topic ends now: the last offset of each partition that is not empty.
const admin = kafka.admin();
await admin.connect();
const ends = await admin.fetchTopicOffsets(topic);
await admin.disconnect();
const open = new Map(
  ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high) - 1n]),
);

const consumer = kafka.consumer({ groupId: 'packetloom-example' });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await new Promise<void>((resolve, reject) => {
  if (open.size === 0) resolve();
  // It starts again by itself where that can help, such as with a broker that is not ready yet.
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });
  // Nothing is committed: every run of this example begins at the beginning.
  const eachMessage = async ({ partition, message }: kafkajs.EachMessagePayload): Promise<void> => {
    if (isNew(String(message.key))) {
      for (const line of String(message.value).trimEnd().split('\n')) count(JSON.parse(line) as Flow);
    } else repeated += 1;
    const last = open.get(partition);
    if (last !== undefined && BigInt(message.offset) >= last) open.delete(partition);
    if (open.size === 0) resolve();
  };
  consumer.run({ autoCommit: false, eachMessage }).catch(() => {});
});
await consumer.disconnect();

console.log(`${seen.size} messages, ${repeated} of them repeated`);
const most = [...talkers].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, 5);
for (const [address, { flows, bytes }] of most) {
  console.log(`${address.padEnd(25)} ${String(flows).padStart(5)} flows ${String(bytes).padStart(7)} bytes`);
}
