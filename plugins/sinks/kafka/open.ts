import type { Sink } from '../../../core/declare/sink.ts';
import { deliverySettings, timeoutOf } from '../../../core/deliver/delivery-options.ts';
import { messageEncoder } from '../../../core/deliver/message-format.ts';
import { messageSettings } from '../../../core/deliver/message-options.ts';
import { SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { parseServers } from '../../../core/deliver/server-list.ts';
import { loadPeer } from '../../../core/output/peer.ts';
import { clientSettings } from './settings.ts';
import { headerBytes, KafkaTarget } from './target.ts';

/** Opens a topic of Kafka. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const list = parseServers(target, 'kafka', 9092, 'kafka://host:9092/topic');
  const messages = messageSettings({ messageSize: '1MB', ...options });
  const client = clientSettings(list, options, timeoutOf(options));
  const library = await loadPeer<typeof import('kafkajs') & { default?: typeof import('kafkajs') }>('kafkajs', 'kafka');
  const room = Math.max(1, messages.bytes - headerBytes(columns));
  const encode = await messageEncoder(columns, { ...messages, bytes: room }, 'kafka', context);
  const queue = new KafkaTarget(library.default ?? library, {
    client,
    list,
    messages,
    encode,
    columns,
    options,
    context,
  });
  try {
    await queue.open();
  } catch (error) {
    await queue.close();
    throw error;
  }
  const settings = { sink: 'kafka', target: list.target, rows: messages.segment, ...deliverySettings(options) };
  return new SegmentWriter(queue, columns, settings, context);
};
