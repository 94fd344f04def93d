import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { SinkContext } from '../../../core/declare/sink.ts';
import { MESSAGE_TYPES } from '../../../core/deliver/message-options.ts';
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
import { parseDuration } from '../../../core/run/duration.ts';
import { failureOf, isForbidden, isUnanswered } from './failure.ts';

/** Milliseconds for the answer to a question about streams: a user may be forbidden to ask, and is then not answered. */
const QUESTION = 3000;
/** Messages on their way at once. */
const WINDOW = 32;
/** Milliseconds that saying goodbye may take. */
const GOODBYE = 3000;

interface Libraries {
  readonly transport: typeof import('@nats-io/transport-node');
  readonly jetstream: typeof import('@nats-io/jetstream');
}

/** What a subject is written with. */
export interface NatsTargetOptions {
  readonly client: NodeConnectionOptions;
  readonly list: ServerList;
  /** Milliseconds for the answer to a message. */
  readonly timeout: number;
  readonly columns: readonly Column[];
  /** Those of the sink. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly context: SinkContext;
}

/** A subject that a stream takes. */
export class NatsTarget implements SegmentTarget {
  readonly #libraries: Libraries;
  readonly #with: NatsTargetOptions;
  readonly #names: string;
  readonly #packer = new MessagePacker();
  #encode: MessageEncoder = () => {};
  #format = 'json';
  /** Whether a stream has been seen. */
  #found = false;
  #connection: NatsConnection | undefined;
  #client: JetStreamClient | undefined;

  constructor(libraries: Libraries, options: NatsTargetOptions) {
    this.#libraries = libraries;
    this.#with = options;
    // Headers take a line of ASCII.
    this.#names = JSON.stringify(options.columns.map(({ name }) => name)).replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }

  encodeWith(format: string, encode: MessageEncoder): void {
    this.#format = format;
    this.#encode = encode;
  }

  /** Bytes of rows in a message that the server takes, as far as it has said so. */
  get room(): number {
    const most = this.#connection?.info?.max_payload;
    return most === undefined ? Number.POSITIVE_INFINITY : Math.max(1, most - this.#names.length - 500);
  }

  /**
   * Connects and sees that a stream takes the subject. A server that is away is no fault: rows wait for it.
   * @throws PacketloomError `sink` for what will not mend by itself
   */
  async open(): Promise<void> {
    const { list, context } = this.#with;
    try {
      await this.#connect();
    } catch (error) {
      const why = untrusted(error);
      if (why !== undefined) throw outputError({ sink: 'nats', target: list.target, stop() {} }, why);
      const failure = failureOf(error, list.target);
      if (failure instanceof PacketloomError) throw failure;
      await this.#leave();
      context.report(`not reached yet, rows will wait: ${failure.message}`);
    }
  }

  async #connect(): Promise<JetStreamClient> {
    if (this.#client !== undefined && this.#connection?.isClosed() === false) return this.#client;
    const { transport, jetstream } = this.#libraries;
    const connection = await transport.connect(this.#with.client);
    this.#connection = connection;
    const client = jetstream.jetstream(connection, { timeout: this.#with.timeout });
    if (!this.#found) await this.#findStream(connection);
    this.#found = true;
    this.#client = client;
    return client;
  }

  async #findStream(connection: NatsConnection): Promise<void> {
    const { list, options, timeout } = this.#with;
    const fault = (why: string) => outputError({ sink: 'nats', target: list.target, stop() {} }, why);
    let found: string | undefined;
    const manager = await this.#libraries.jetstream.jetstreamManager(connection, {
      timeout: Math.min(QUESTION, timeout),
      checkAPI: false,
    });
    try {
      found = await manager.streams.find(list.name);
    } catch (error) {
      if (isUnanswered(error)) throw fault('JetStream is not enabled on the server');
      // Users who may only publish are refused or not answered; the stream itself will answer them.
      if (options.create !== true && isForbidden(error)) return;
      if (!/no stream matches subject/.test((error as Error).message)) throw error;
    }
    const { stream = list.name.replace(/[^\w-]+/g, '_'), duplicates = '2h' } = options as Record<string, string>;
    if (found !== undefined) {
      if (options.stream === undefined || found === options.stream) return;
      throw fault(`the stream ${found} takes the subject, not ${stream}`);
    }
    if (options.create !== true) throw fault('no stream takes the subject: create one, or set create=true');
    await manager.streams.add({ name: stream, subjects: [list.name], duplicate_window: parseDuration(duplicates)! });
  }

  encode(rows: RowBatch): Uint8Array {
    this.#encode(rows, (count, body) => this.#packer.add(count, body));
    return this.#packer.take({ format: this.#format, configuration: this.#with.context.configuration });
  }

  async deliver(payload: Uint8Array, segment: Segment): Promise<void> {
    const { messages, ...rest } = unpackMessages(payload);
    try {
      const client = await this.#connect();
      for (let from = 0; from < messages.length; from += WINDOW) {
        const some = messages.slice(from, from + WINDOW);
        const answers = await Promise.allSettled(some.map((message) => this.#publish(client, message, segment, rest)));
        const failed = answers.find((answer) => answer.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
      }
    } catch (error) {
      const failure = failureOf(error, this.#with.list.target);
      // Whatever is under way on it is of no use any more.
      if (!(failure instanceof PacketloomError)) await this.#leave();
      throw failure;
    }
  }

  async #publish(
    client: JetStreamClient,
    message: Message,
    segment: Segment,
    { format, configuration }: MessageKind,
  ): Promise<void> {
    const { list, options } = this.#with;
    const { rows, body } = message;
    const most = this.#connection?.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (body.length > this.room) {
      const why = `a message has ${body.length} bytes, and the server takes ${most}: set messageSize below that, or rows`;
      throw outputError({ sink: 'nats', target: list.target, stop() {} }, why);
    }
    const headers = this.#libraries.transport.headers();
    headers.set('Content-Type', MESSAGE_TYPES[format as keyof typeof MESSAGE_TYPES]);
    headers.set('Packetloom-Columns', this.#names);
    headers.set('Packetloom-Rows', String(rows));
    headers.set('Packetloom-Segment', segment.id);
    headers.set('Packetloom-Configuration', configuration);
    const { stream } = options as { stream?: string };
    await client.publish(list.name, body, {
      msgID: messageKey(segment, message),
      headers,
      timeout: this.#with.timeout,
      ...(stream === undefined ? {} : { expect: { streamName: stream } }),
    });
  }

  close(): Promise<void> {
    return this.#leave();
  }

  async #leave(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#client = undefined;
    if (connection === undefined) return;
    const late = new AbortController();
    const timeout = delay(GOODBYE, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([connection.close().catch(() => {}), timeout]);
    late.abort();
  }
}
