import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import kafkajs, { type Kafka } from 'kafkajs';
import { freePort } from './free-port.ts';
import { type Server, startServer } from './server.ts';

const run = promisify(execFile);

/** A real Kafka broker, one node, in a temporary folder. */
export interface Broker {
  /** `127.0.0.1:port` of the plain listener. */
  readonly address: string;
  /** The same of the listener with TLS and SASL, where it was asked for. */
  readonly secure: string;
  readonly folder: string;
  /** A client of its own, for what tests look at. */
  readonly client: Kafka;
  end(signal?: NodeJS.Signals): Promise<void>;
  /** The same broker again, with all that it held. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Files of a listener with TLS, and the one user that may sign in. */
export interface Security {
  /** Certificate and key, one behind the other (PEM). */
  readonly keyStore: string;
  readonly user: string;
  readonly password: string;
}

/** The folder with the broker's jars: $PACKETLOOM_KAFKA, or a cache that Maven fills once. */
async function jars(): Promise<string> {
  const own = process.env.PACKETLOOM_KAFKA;
  if (own !== undefined) return join(own, 'lib');
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'packetloom-kafka');
  const lib = join(cache, '4.4.0');
  if (existsSync(lib)) return lib;
  mkdirSync(cache, { recursive: true });
  // Complete or absent, also when two tests come here at once.
  const partial = mkdtempSync(join(cache, 'partial-'));
  const words = ['-q', '-B', '-f', join(import.meta.dirname, 'kafka', 'pom.xml'), 'dependency:copy-dependencies'];
  await run('mvn', [...words, `-DoutputDirectory=${partial}`, '-DincludeScope=runtime']);
  try {
    renameSync(partial, lib);
  } catch (error) {
    rmSync(partial, { recursive: true });
    if (!existsSync(lib)) throw error;
  }
  return lib;
}

/** Why no broker can be started here; undefined when one can. */
export async function missingKafka(): Promise<string | undefined> {
  try {
    await run('java', ['-version']);
    await jars();
    return undefined;
  } catch (error) {
    return `a Kafka broker needs java and mvn: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}

const JAVA = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** What a broker has besides its plain listener. */
export interface BrokerOptions {
  readonly security?: Security;
  /** A listener behind a proxy, which clients are told of. */
  readonly proxied?: { readonly port: number; readonly proxy: number };
}

interface Ports {
  readonly plain: number;
  readonly controller: number;
  readonly secure: number;
}

function propertiesOf(folder: string, ports: Ports, { security, proxied }: BrokerOptions): string {
  const own = [`PLAINTEXT://127.0.0.1:${ports.plain}`, ...(security ? [`SECURE://127.0.0.1:${ports.secure}`] : [])];
  const listeners = [...own, ...(proxied ? [`PROXIED://127.0.0.1:${proxied.port}`] : [])];
  const advertised = [...own, ...(proxied ? [`PROXIED://127.0.0.1:${proxied.proxy}`] : [])];
  const { controller } = ports;
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    'controller.listener.names=CONTROLLER',
    `listeners=${[...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(',')}`,
    `advertised.listeners=${advertised.join(',')}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL,PROXIED:PLAINTEXT',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'auto.create.topics.enable=false',
    'group.initial.rebalance.delay.ms=0',
    'controlled.shutdown.enable=false',
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    ...(security === undefined
      ? []
      : [
          'ssl.keystore.type=PEM',
          `ssl.keystore.location=${security.keyStore}`,
          'listener.name.secure.sasl.enabled.mechanisms=PLAIN',
          `listener.name.secure.plain.sasl.jaas.config=${login} user_${security.user}="${security.password}";`,
        ]),
  ].join('\n');
}

/** Formats and starts a broker. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-kafka-'));
  const classes = `${await jars()}/*`;
  const ports = { plain: await freePort(), controller: await freePort(), secure: await freePort() };
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, propertiesOf(folder, ports, options));
  const cluster = randomBytes(16).toString('base64url');
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  const format = ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', properties];
  await run('java', [...JAVA, quiet, '-cp', classes, ...format]);
  const address = `127.0.0.1:${ports.plain}`;
  const client = new kafkajs.Kafka({
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 500 },
  });
  const probe = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 0 } });
  const answers = async () => {
    const admin = probe.admin();
    try {
      await admin.connect();
      await admin.describeCluster();
      return true;
    } catch {
      return false;
    } finally {
      await admin.disconnect().catch(() => {});
    }
  };
  let server: Server | undefined;
  const broker: Broker = {
    address,
    secure: `127.0.0.1:${ports.secure}`,
    folder,
    client,
    async start() {
      const words = [...JAVA, quiet, '-cp', classes, 'kafka.Kafka', properties];
      server = await startServer('java', words, join(folder, 'broker.log'), answers);
    },
    async end(signal = 'SIGKILL') {
      await server?.end(signal);
      server = undefined;
    },
    async remove() {
      await broker.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await broker.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return broker;
}
