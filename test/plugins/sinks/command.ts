import { execFile } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** What a command said and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `packetloom flows` on the compiled files, from the project's folder; it may fail. */
export function flows(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const main = join(process.env.PACKETLOOM_DIST ?? join(root, 'dist'), 'cli', 'main.js');
  const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'flows', ...words], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
