import { createRequire } from 'node:module';

/** The version of this package. */
export function packageVersion(): string {
  // By its own name, so that sources and compiled files find the same package.json.
  const { version } = createRequire(import.meta.url)('packetloom/package.json') as { version: string };
  return version;
}
