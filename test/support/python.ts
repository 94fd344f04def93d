import { spawnSync } from 'node:child_process';

const python = process.env.PACKETLOOM_PYTHON ?? 'python3';

/** Why packages cannot be used here; undefined when they can. */
export function pythonObstacle(...packages: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(python, ['-c', `import ${packages.join(', ')}`], { encoding: 'utf8' });
  if (error !== undefined) return `${python}: ${error.message}`;
  return status === 0 ? undefined : stderr.trim().split('\n').at(-1);
}

/** Runs a script, with text for its standard input, and gives the JSON that it prints. */
export function runPython<T>(script: string, words: readonly string[] = [], input: string | Uint8Array = ''): T {
  const { status, stdout, stderr } = spawnSync(python, [script, ...words], { input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString()) as T;
}
