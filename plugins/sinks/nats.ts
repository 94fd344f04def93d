import { defineSink } from '../../core/declare/sink.ts';
import { deliveryProperties, serverProperties } from '../../core/deliver/delivery-options.ts';
import { messageProperties } from '../../core/deliver/message-options.ts';
import { tlsProperties } from '../../core/deliver/tls-options.ts';
import { SECRET } from '../../core/output/secret.ts';
import { DURATION_PATTERN } from '../../core/run/duration.ts';

/** Rows in messages of a NATS JetStream stream, which refuses those it has by their ids. */
export const nats = defineSink({
  name: 'nats',
  description: 'Messages of up to 1,000 rows in a NATS JetStream stream (nats://host:4222,host2/subject)',
  schemes: ['nats'],
  offThread: true,
  options: {
    type: 'object',
    properties: {
      ...messageProperties,
      stream: {
        type: 'string',
        pattern: '^[^\\s.*>/\\\\]+$',
        description: 'The stream that is to take the messages; whichever takes the subject without it',
      },
      create: { type: 'boolean', default: false, description: 'Create the stream where none takes the subject' },
      duplicates: {
        type: 'string',
        pattern: DURATION_PATTERN,
        default: '2h',
        description: 'How long a stream that is created remembers ids of messages and refuses them a second time',
      },
      user: { type: 'string', pattern: '.', description: 'Name to sign in with; may stand in the URL' },
      password: { type: 'string', pattern: '.', description: `Password to sign in with: ${SECRET}` },
      token: { type: 'string', pattern: '.', description: `Token to sign in with: ${SECRET}` },
      nkey: { type: 'string', pattern: '.', description: `Seed of an nkey to sign in with: ${SECRET}` },
      credentials: {
        type: 'string',
        pattern: '.',
        description: 'Credentials to sign in with (.creds): env:NAME for an environment variable, or the file',
      },
      ...tlsProperties,
      ...deliveryProperties,
      timeout: serverProperties.timeout,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./nats/open.ts')).open(...given),
});
