import type { ChildProcess, StdioOptions } from 'node:child_process';
import { join } from 'node:path';

const bench = (name: string) => import(join(import.meta.dirname, '../../bench', name));

/** Writes a capture of so many frames of many kinds, about one flow for eleven of them: the same bytes each time. */
export async function writeCapture(path: string, frames: number): Promise<void> {
  const { writeSynthetic } = (await bench('synthetic.mjs')) as { writeSynthetic(path: string, frames: number): void };
  writeSynthetic(path, frames);
}

/** Two network namespaces joined by a cable; `bench/live-network.mjs` says the rest. */
export interface Network {
  remove(): void;
  startNear(words: readonly string[], stdio: StdioOptions): ChildProcess;
  startFar(words: readonly string[], stdio: StdioOptions): ChildProcess;
  listening(): Promise<void>;
}

/** Makes a network: `near` is captured from, `far` sent to. Needs root on Linux. */
export async function makeNetwork(): Promise<Network> {
  const { makeNetwork: make } = (await bench('live-network.mjs')) as { makeNetwork(): Network };
  return make();
}
