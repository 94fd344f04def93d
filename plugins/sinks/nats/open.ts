import type { Sink } from '../../../core/declare/sink.ts';
import { deliverySettings, timeoutOf } from '../../../core/deliver/delivery-options.ts';
import { messageEncoder } from '../../../core/deliver/message-format.ts';
import { messageSettings } from '../../../core/deliver/message-options.ts';
import { SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { parseServers } from '../../../core/deliver/server-list.ts';
import { loadPeer } from '../../../core/output/peer.ts';
import { clientSettings } from './settings.ts';
import { NatsTarget } from './target.ts';

const PACKAGES = ['@nats-io/transport-node', '@nats-io/jetstream'];

/** Opens a stream of NATS JetStream. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const list = parseServers(target, 'nats', 4222, 'nats://host:4222/subject');
  const messages = messageSettings(options);
  const [transport, jetstream] = await Promise.all([
    loadPeer<typeof import('@nats-io/transport-node')>(PACKAGES[0]!, 'nats', PACKAGES),
    loadPeer<typeof import('@nats-io/jetstream')>(PACKAGES[1]!, 'nats', PACKAGES),
  ]);
  const client = clientSettings(list, options, timeoutOf(options), transport);
  const libraries = { transport, jetstream };
  const stream = new NatsTarget(libraries, { client, list, timeout: timeoutOf(options), columns, options, context });
  try {
    await stream.open();
    const most = Math.min(messages.bytes, stream.room);
    const settings = { sink: 'nats', target: list.target, rows: messages.segment, ...deliverySettings(options) };
    stream.encodeWith(messages.format, await messageEncoder(columns, { ...messages, bytes: most }, 'nats', context));
    return new SegmentWriter(stream, columns, settings, context);
  } catch (error) {
    await stream.close();
    throw error;
  }
};
