import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests and examples run on the sources, on one instance of the core.
  resolve: { conditions: ['packetloom:source'] },
  ssr: { resolve: { conditions: ['packetloom:source'] } },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/setup.ts'],
    testTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
