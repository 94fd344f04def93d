import { readFileSync } from 'node:fs';
import type { Authenticator, NodeConnectionOptions } from '@nats-io/transport-node';
import type { ServerList } from '../../../core/deliver/server-list.ts';
import { tlsFiles } from '../../../core/deliver/tls-options.ts';
import { PacketloomError } from '../../../core/errors.ts';
import { readSecret } from '../../../core/output/secret.ts';

type Library = typeof import('@nats-io/transport-node');

/** Milliseconds for a connection at most. */
const CONNECT = 10_000;

function credentialsOf(text: string): Uint8Array {
  const at = 'nats: credentials';
  if (text.startsWith('env:')) return Buffer.from(readSecret(text, at));
  try {
    return readFileSync(text);
  } catch (cause) {
    throw new PacketloomError('configuration', `${at}: the file ${text} cannot be read`, { cause });
  }
}

function authenticatorOf(list: ServerList, options: Readonly<Record<string, unknown>>, library: Library) {
  const { user = list.user, password, token, nkey, credentials } = options as Partial<Record<string, string>>;
  if ((user === undefined) !== (password === undefined)) {
    throw new PacketloomError('configuration', 'nats: user and password belong together');
  }
  const found: Authenticator[] = [];
  if (user !== undefined)
    found.push(library.usernamePasswordAuthenticator(user, readSecret(password!, 'nats: password')));
  if (token !== undefined) found.push(library.tokenAuthenticator(readSecret(token, 'nats: token')));
  if (nkey !== undefined) found.push(library.nkeyAuthenticator(Buffer.from(readSecret(nkey, 'nats: nkey'))));
  if (credentials !== undefined) found.push(library.credsAuthenticator(credentialsOf(credentials)));
  if (found.length > 1) {
    throw new PacketloomError('configuration', 'nats: more than one of user, token, nkey and credentials');
  }
  return found[0];
}

/**
 * Settings of the client, which does not reconnect by itself: what fails is repeated by those who hold the rows.
 * @param timeout milliseconds for an answer
 * @throws PacketloomError `configuration`
 */
export function clientSettings(
  list: ServerList,
  options: Readonly<Record<string, unknown>>,
  timeout: number,
  library: Library,
): NodeConnectionOptions {
  const authenticator = authenticatorOf(list, options, library);
  const tls = tlsFiles(options, 'nats');
  return {
    name: 'packetloom',
    servers: [...list.servers],
    reconnect: false,
    timeout: Math.min(CONNECT, timeout),
    noAsyncTraces: true,
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(tls === undefined ? {} : { tls }),
  };
}
