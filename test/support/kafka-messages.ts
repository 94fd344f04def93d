import type { Kafka, KafkaMessage } from 'kafkajs';

/** A message as a topic holds it. */
export interface Held {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

function heldOf(partition: number, { key, offset, headers, value }: KafkaMessage): Held {
  const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
  return { partition, offset: Number(offset), key: String(key), headers: Object.fromEntries(texts), value: value! };
}

let groups = 0;

/** All messages of a topic, read by a consumer of its own, by partition and offset; none where there is no topic. */
export async function messagesOf(client: Kafka, topic: string): Promise<Held[]> {
  const admin = client.admin();
  await admin.connect();
  const exists = (await admin.listTopics()).includes(topic);
  const ends = exists ? await admin.fetchTopicOffsets(topic) : [];
  await admin.disconnect();
  const wanted = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  if (wanted === 0) return [];
  groups += 1;
  const consumer = client.consumer({ groupId: `packetloom-test-${process.pid}-${groups}`, maxWaitTimeInMs: 20 });
  const found = new Map<string, Held>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    // It starts again by itself where that can help: while "the coordinator is loading".
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    consumer
      .run({
        autoCommit: false,
        async eachMessage({ partition, message }) {
          found.set(`${partition} ${message.offset}`, heldOf(partition, message));
          if (found.size === wanted) resolve();
        },
      })
      .catch(() => {});
  });
  await consumer.disconnect();
  return [...found.values()].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** The rows of messages of JSON lines. */
export function rowsOf(messages: readonly Held[]): Record<string, unknown>[] {
  return messages.flatMap(({ value }) =>
    value
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
