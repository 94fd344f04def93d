import type { KafkaConfig, SASLOptions } from 'kafkajs';
import type { ServerList } from '../../../core/deliver/server-list.ts';
import { tlsFiles } from '../../../core/deliver/tls-options.ts';
import { PacketloomError } from '../../../core/errors.ts';
import { readSecret } from '../../../core/output/secret.ts';

/** Milliseconds for a connection at most. */
const CONNECT = 10_000;

function saslOf({ user: named }: ServerList, options: Readonly<Record<string, unknown>>): SASLOptions | undefined {
  const { sasl, user = named, password } = options as Partial<Record<'sasl' | 'user' | 'password', string>>;
  if (user === undefined && password === undefined && sasl === undefined) return undefined;
  if (user === undefined || password === undefined) {
    throw new PacketloomError('configuration', 'kafka: user and password belong together');
  }
  const mechanism = (sasl ?? 'plain') as 'plain';
  return { mechanism, username: user, password: readSecret(password, 'kafka: password') };
}

/**
 * Settings of the client. It tries little by itself: what fails is repeated by those who hold the rows, with the same
 * sequence numbers, so that the broker knows it again.
 * @param timeout milliseconds for an answer
 * @throws PacketloomError `configuration`
 */
export function clientSettings(
  list: ServerList,
  options: Readonly<Record<string, unknown>>,
  timeout: number,
): KafkaConfig {
  const sasl = saslOf(list, options);
  const ssl = tlsFiles(options, 'kafka');
  return {
    clientId: 'packetloom',
    brokers: [...list.servers],
    connectionTimeout: Math.min(CONNECT, timeout),
    authenticationTimeout: Math.min(CONNECT, timeout),
    requestTimeout: timeout,
    retry: { retries: Math.max(1, list.servers.length - 1), initialRetryTime: 100, maxRetryTime: 1000 },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}
