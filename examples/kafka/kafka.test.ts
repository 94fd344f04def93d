import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { root } from '../../test/cli/support/command.ts';
import { installedWith, runPage } from '../../test/docs/page.ts';
import { type Broker, missingKafka, startBroker } from '../../test/support/kafka.ts';
import { unavailable } from '../../test/support/unavailable.ts';

const obstacle = unavailable('example of Kafka', await missingKafka());

describe.skipIf(obstacle)('against a broker of its own', () => {
  let broker: Broker;
  const folder = installedWith('kafkajs', 'jiti');
  beforeAll(async () => {
    broker = await startBroker();
    symlinkSync(join(root, 'examples', 'captures'), join(folder, 'captures'));
    symlinkSync(join(root, 'node_modules', '.bin', 'jiti'), join(folder, 'node_modules', '.bin', 'jiti'));
    cpSync(join(root, 'examples', 'kafka'), join(folder, 'kafka'), { recursive: true });
  }, 60_000);
  afterAll(async () => {
    await broker?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the example runs as it stands', () => {
    runPage('examples/kafka/README.md', join(folder, 'kafka'), ['localhost:9092', broker.address]);
  });

  test('the page of the sink runs as it stands', () => {
    runPage('docs/sinks/kafka.md', folder, ['localhost:9092', broker.address]);
  });
});
