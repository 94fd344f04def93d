import { PacketloomError } from '../../../core/errors.ts';
import { outputError } from '../../../core/output/output.ts';

/** What the broker says, or the client, and what to do about it; trying again does not help. */
const LASTING: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'the topic takes no message so large: set messageSize below its max.message.bytes',
  RECORD_LIST_TOO_LARGE: 'the topic takes no message so large: set messageSize below its segment.bytes',
  INVALID_TOPIC_EXCEPTION: 'the brokers take no topic of this name',
  TOPIC_AUTHORIZATION_FAILED: 'this user may not write to the topic',
  CLUSTER_AUTHORIZATION_FAILED: 'this user may not write as an idempotent producer',
  SASL_AUTHENTICATION_FAILED: 'the brokers do not accept this user and password',
  UNSUPPORTED_SASL_MECHANISM: 'the brokers do not sign in this way: set sasl',
  KafkaJSSASLAuthenticationError: 'the brokers do not accept this user and password',
  KafkaJSServerDoesNotSupportApiKey: 'the brokers are too old for idempotent producers',
  UNSUPPORTED_VERSION: 'the brokers do not speak this version of the protocol',
  UNSUPPORTED_COMPRESSION_TYPE: 'the brokers do not take this compression',
  POLICY_VIOLATION: 'a policy of the brokers forbids it',
  INVALID_REPLICATION_FACTOR: 'there are not so many brokers: set replicas',
  INVALID_PARTITIONS: 'the brokers do not create a topic with so many partitions',
  INVALID_RECORD: 'the topic does not take such messages',
};

/** The broker has lost track of the producer: another one has to take its place. */
const FORGOTTEN = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_PRODUCER_EPOCH',
]);

interface ClientError {
  readonly name?: string;
  readonly type?: string;
  readonly message?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error and those behind it. */
function* chainOf(error: unknown): Generator<ClientError> {
  let next = error as ClientError | undefined;
  for (let depth = 0; depth < 8 && typeof next === 'object' && next !== null; depth += 1) {
    yield next;
    next = (next.errors?.[0] ?? next.cause) as ClientError | undefined;
  }
}

const kindsOf = (error: unknown): string[] =>
  [...chainOf(error)].flatMap(({ type, name }) => [type, name]).filter((kind) => kind !== undefined);

export const isForgotten = (error: unknown): boolean => kindsOf(error).some((kind) => FORGOTTEN.has(kind));

/** True when the broker has the messages already: the answer to an earlier attempt was lost. */
export const isDuplicate = (error: unknown): boolean => kindsOf(error).includes('DUPLICATE_SEQUENCE_NUMBER');

export const isMissingTopic = (error: unknown): boolean => kindsOf(error).includes('UNKNOWN_TOPIC_OR_PARTITION');

/** The client's error as ours: a PacketloomError where trying again does not help. */
export function failureOf(error: unknown, target: string): Error {
  if (error instanceof PacketloomError) return error;
  const known = kindsOf(error).find((kind) => LASTING[kind] !== undefined);
  if (known !== undefined) return outputError({ sink: 'kafka', target, stop: () => {} }, LASTING[known]!);
  // The innermost one says what happened, the others how often.
  const [first, ...rest] = chainOf(error);
  const innermost = rest.filter(({ message }) => message).at(-1) ?? first;
  return new Error(innermost?.message ?? String(error), { cause: error });
}
