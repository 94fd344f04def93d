import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Path of a file of this package, from its root. Found by the package's own name, so that sources, compiled files and
 * the bundled command agree on it.
 */
export function packageFile(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('packetloom/package.json')), path);
}
