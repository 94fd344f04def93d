import { defineSink } from '../../core/declare/sink.ts';
import { deliveryProperties, serverProperties } from '../../core/deliver/delivery-options.ts';
import { messageProperties } from '../../core/deliver/message-options.ts';
import { tlsProperties } from '../../core/deliver/tls-options.ts';
import { SECRET } from '../../core/output/secret.ts';

/** Rows in messages of a Kafka topic, each acknowledged by all replicas; an idempotent producer, keys by segment. */
export const kafka = defineSink({
  name: 'kafka',
  description: 'Messages of up to 1,000 rows in a Kafka topic (kafka://host:9092,host2/topic)',
  schemes: ['kafka'],
  offThread: true,
  options: {
    type: 'object',
    properties: {
      ...messageProperties,
      // Brokers take 1 MiB, with all that stands around messages.
      messageSize: {
        ...messageProperties.messageSize,
        default: '1MB',
        description: 'Most bytes of a message, and of those sent at once: fewer rows where they would be more',
      },
      compression: { enum: ['none', 'gzip'], default: 'none', description: 'Compression of messages' },
      partition: {
        type: 'integer',
        minimum: 0,
        description:
          'The partition for all rows, so that they are in one order; segments are spread over all without it',
      },
      create: { type: 'boolean', default: false, description: 'Create the topic where it does not exist' },
      partitions: {
        type: 'integer',
        minimum: 1,
        description: 'Partitions of a topic that is created; as many as the brokers think best without it',
      },
      replicas: { type: 'integer', minimum: 1, description: 'Replicas of a topic that is created; likewise' },
      sasl: {
        enum: ['plain', 'scram-sha-256', 'scram-sha-512'],
        description: 'How to sign in, with user and password',
      },
      user: { type: 'string', pattern: '.', description: 'Name to sign in with; may stand in the URL' },
      password: { type: 'string', pattern: '.', description: `Password to sign in with: ${SECRET}` },
      ...tlsProperties,
      ...deliveryProperties,
      timeout: serverProperties.timeout,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./kafka/open.ts')).open(...given),
});
