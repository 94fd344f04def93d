import { PacketloomError } from '../../../core/errors.ts';
import { outputError } from '../../../core/output/output.ts';

/** What the server says by number, and what to do about it; trying again does not help. */
const LASTING: Readonly<Record<number, string>> = {
  10039: 'JetStream is not enabled for this account',
  10054: 'the stream takes no message so large: set messageSize below its max_msg_size',
  10060: 'another stream takes this subject: set stream',
  10065: 'another stream takes a part of this subject already',
  10076: 'JetStream is not enabled on the server',
};

/** The server's wish, by the kind of error. */
const BY_NAME: Readonly<Record<string, string>> = {
  AuthorizationError: 'the server does not accept these credentials',
  UserAuthenticationExpiredError: 'the credentials have expired',
  PermissionViolationError: 'this user may not publish to the subject',
  InvalidSubjectError: 'no valid subject',
};

interface ClientError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
}

function* chainOf(error: unknown): Generator<ClientError> {
  let next = error as ClientError | undefined;
  for (let depth = 0; depth < 8 && typeof next === 'object' && next !== null; depth += 1) {
    yield next;
    next = next.cause as ClientError | undefined;
  }
}

/** Whether it may be that this user must not ask: then there is no answer, or a refusal. */
export const isForbidden = (error: unknown): boolean =>
  [...chainOf(error)].some(({ name }) => name === 'TimeoutError' || name === 'PermissionViolationError');

/** Whether there is no JetStream. */
export const isUnanswered = (error: unknown): boolean =>
  [...chainOf(error)].some(({ name }) => name === 'JetStreamNotEnabled' || name === 'NoRespondersError');

/** The client's error as ours: a PacketloomError where trying again does not help. */
export function failureOf(error: unknown, target: string): Error {
  if (error instanceof PacketloomError) return error;
  const chain = [...chainOf(error)];
  const known = chain.map(({ name = '', code }) => BY_NAME[name] ?? LASTING[Number(code)]).find(Boolean);
  if (known !== undefined) return outputError({ sink: 'nats', target, stop: () => {} }, known);
  if (isUnanswered(error))
    return new Error('no stream takes the subject, or JetStream is not there yet', { cause: error });
  const innermost = chain.filter(({ message }) => message).at(-1);
  return new Error(innermost?.message ?? String(error), { cause: error });
}
