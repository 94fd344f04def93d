import { setTimeout as delay } from 'node:timers/promises';
import type { Kafka, KafkaConfig, Message as KafkaMessage, Producer } from 'kafkajs';
import type { SinkContext } from '../../../core/declare/sink.ts';
import { MESSAGE_TYPES, type MessageSettings } from '../../../core/deliver/message-options.ts';
import {
  type Message,
  type MessageEncoder,
  type MessageKind,
  MessagePacker,
  messageKey,
  unpackMessages,
} from '../../../core/deliver/messages.ts';
import type { Segment, SegmentTarget } from '../../../core/deliver/segment-writer.ts';
import type { ServerList } from '../../../core/deliver/server-list.ts';
import { untrusted } from '../../../core/deliver/tls-options.ts';
import { PacketloomError } from '../../../core/errors.ts';
import type { Column, RowBatch } from '../../../core/flow/rows.ts';
import { outputError } from '../../../core/output/output.ts';
import { failureOf, isDuplicate, isForgotten, isMissingTopic } from './failure.ts';

/** Milliseconds that saying goodbye may take. */
const GOODBYE = 3000;

/** What a topic is written with. */
export interface KafkaTargetOptions {
  readonly client: KafkaConfig;
  readonly list: ServerList;
  readonly messages: MessageSettings;
  readonly encode: MessageEncoder;
  readonly columns: readonly Column[];
  /** Those of the sink. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly context: SinkContext;
}

/**
 * A topic. All messages of a segment go to one partition, which its id decides, so that a repeated run and a repeated
 * delivery send the same messages in the same order to the same place.
 */
export class KafkaTarget implements SegmentTarget {
  readonly #library: typeof import('kafkajs');
  readonly #with: KafkaTargetOptions;
  readonly #kafka: Kafka;
  readonly #names: string;
  readonly #around: number;
  readonly #packer = new MessagePacker();
  /** Whether the topic has been seen. */
  #found = false;
  #producer: Producer | undefined;
  /** Messages of a segment that the brokers have acknowledged while later ones are tried again. */
  #done = { id: '', messages: 0 };

  constructor(library: typeof import('kafkajs'), options: KafkaTargetOptions) {
    this.#library = library;
    this.#with = options;
    this.#kafka = new library.Kafka({ ...options.client, logLevel: library.logLevel.NOTHING });
    this.#names = namesOf(options.columns);
    this.#around = headerBytes(options.columns);
  }

  /**
   * Connects and sees that the topic is there. Brokers that are away are no fault: rows wait for them.
   * @throws PacketloomError `sink` for what will not mend by itself
   */
  async open(): Promise<void> {
    const { list, context } = this.#with;
    try {
      await this.#connect();
    } catch (error) {
      const why = untrusted(error);
      if (why !== undefined) throw outputError({ sink: 'kafka', target: list.target, stop() {} }, why);
      const failure = failureOf(error, list.target);
      if (failure instanceof PacketloomError) throw failure;
      context.report(`not reached yet, rows will wait: ${failure.message}`);
    }
  }

  async #findTopic(): Promise<void> {
    const { list, options } = this.#with;
    const { name: topic, target } = list;
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = topics[0]?.partitions.length ?? 0;
      const { partition } = options as { partition?: number };
      if (partition === undefined || partition < partitions) return;
      throw outputError(
        { sink: 'kafka', target, stop() {} },
        `the topic has ${partitions} partitions, no ${partition}`,
      );
    } catch (error) {
      if (!isMissingTopic(error)) throw error;
      if (options.create !== true) {
        throw outputError({ sink: 'kafka', target, stop() {} }, 'no such topic: create it, or set create=true');
      }
      const { partitions: numPartitions = -1, replicas: replicationFactor = -1 } = options as Record<string, number>;
      await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor }] });
    } finally {
      await leave(admin);
    }
  }

  async #connect(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    if (!this.#found) await this.#findTopic();
    this.#found = true;
    const { options } = this.#with;
    const createPartitioner =
      () =>
      ({ partitionMetadata, message }: { partitionMetadata: unknown[]; message: KafkaMessage }) =>
        (options.partition as number | undefined) ??
        Number.parseInt(String(message.key).slice(0, 8), 16) % partitionMetadata.length;
    const { retry } = this.#with.client;
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner,
      ...(retry === undefined ? {} : { retry }),
    });
    try {
      await producer.connect();
    } catch (error) {
      await leave(producer);
      throw error;
    }
    this.#producer = producer;
    return producer;
  }

  encode(rows: RowBatch): Uint8Array {
    const { encode, messages, context } = this.#with;
    encode(rows, (count, body) => this.#packer.add(count, body));
    return this.#packer.take({ format: messages.format, configuration: context.configuration });
  }

  async deliver(payload: Uint8Array, segment: Segment): Promise<void> {
    const { messages, ...rest } = unpackMessages(payload);
    if (this.#done.id !== segment.id) this.#done = { id: segment.id, messages: 0 };
    try {
      const producer = await this.#connect();
      while (this.#done.messages < messages.length) {
        const some = together(messages, this.#done.messages, this.#with.messages.bytes, this.#around);
        await this.#send(
          producer,
          some.map((message) => this.#message(message, segment, rest)),
        );
        this.#done.messages += some.length;
      }
    } catch (error) {
      if (isForgotten(error)) await this.#replace(segment);
      throw failureOf(error, this.#with.list.target);
    }
  }

  async #send(producer: Producer, messages: KafkaMessage[]): Promise<void> {
    const { GZIP, None } = this.#library.CompressionTypes;
    const { requestTimeout: timeout = 30_000 } = this.#with.client;
    const compression = this.#with.options.compression === 'gzip' ? GZIP : None;
    try {
      await producer.send({ topic: this.#with.list.name, acks: -1, timeout, compression, messages });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  #message(message: Message, segment: Segment, { format, configuration }: MessageKind) {
    const { rows, body } = message;
    return {
      key: messageKey(segment, message),
      value: body as Buffer,
      headers: {
        'content-type': MESSAGE_TYPES[format as keyof typeof MESSAGE_TYPES],
        'packetloom-columns': this.#names,
        'packetloom-rows': String(rows),
        'packetloom-segment': segment.id,
        'packetloom-configuration': configuration,
      },
    };
  }

  /** Another producer, whose messages the broker cannot know again. */
  async #replace({ id }: Segment): Promise<void> {
    const { context } = this.#with;
    context.report(`the brokers do not know this producer any more: messages of segment ${id} may be there twice`);
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) await leave(producer);
  }

  async close(): Promise<void> {
    if (this.#producer !== undefined) await leave(this.#producer);
  }
}

const namesOf = (columns: readonly Column[]): string => JSON.stringify(columns.map(({ name }) => name));

/** Most bytes that stand around the rows of a message: key and headers. */
export const headerBytes = (columns: readonly Column[]): number => Buffer.byteLength(namesOf(columns)) + 400;

/** The messages from a place on that brokers take together, one at least: what bounds a message bounds a batch of them. */
function together(messages: readonly Message[], from: number, most: number, around: number): readonly Message[] {
  let to = from + 1;
  for (let bytes = messages[from]!.body.length + around; to < messages.length; to += 1) {
    bytes += messages[to]!.body.length + around;
    if (bytes > most) break;
  }
  return messages.slice(from, to);
}

/** Says goodbye, within a bounded time: a broker that does not answer is left as it is. */
async function leave(client: { disconnect(): Promise<void> }): Promise<void> {
  const late = new AbortController();
  const timeout = delay(GOODBYE, undefined, { signal: late.signal }).catch(() => {});
  await Promise.race([client.disconnect().catch(() => {}), timeout]);
  late.abort();
}
