import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Api from '@duckdb/node-api';
import type Bindings from '@duckdb/node-bindings';
import { loadPeer } from '../../../core/output/peer.ts';

const NAME = '@duckdb/node-api';

/** DuckDB's packages: for SQL, and for columns of bytes. */
export interface DuckDb {
  readonly api: typeof Api;
  readonly bindings: typeof Bindings;
}

/**
 * Loads DuckDB. The bindings are what its own package for SQL loads: the same file, wherever it is installed.
 * @throws PacketloomError `sink` when it is not installed
 */
export async function loadDuckDb(): Promise<DuckDb> {
  const api = await loadPeer<typeof Api>(NAME, 'duckdb');
  for (const from of [import.meta.url, join(process.cwd(), 'packetloom.config.json')]) {
    try {
      const bindings = createRequire(createRequire(from).resolve(NAME))('@duckdb/node-bindings') as typeof Bindings;
      return { api, bindings };
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error('unreachable: what was loaded is found again');
}
