import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';

/** What one run of a scenario is given. */
export interface Trial {
  /** Empty, removed behind it. */
  readonly folder: string;
  /** Of all trials of the scenario, made once. */
  readonly shared: string;
  /** From 0 to 1. */
  random(): number;
}

/** Something that goes wrong at a random moment, and what holds nevertheless. */
export interface Scenario {
  readonly name: string;
  /** One sentence: what is done, and what is looked at. */
  readonly description: string;
  /** Why it cannot run here; absent where it always can. */
  obstacle?(): string | undefined;
  /** Once, before the trials: captures and what an undisturbed run makes of them. */
  prepare(shared: string): Promise<void>;
  /** One trial; throws where something does not hold. Returns what happened, in a word or two. */
  run(trial: Trial): Promise<string>;
  /** Once, behind the trials, also when one has failed: ends servers and the like. */
  finish?(): Promise<void>;
}

/** The command as it is built. */
export const program = join(process.env.PACKETLOOM_DIST ?? join(import.meta.dirname, '../../dist'), 'cli', 'main.js');

/** A command that was started. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>;
}

const running = new Set<ChildProcess>();

/** Where a command runs. */
export interface Surroundings {
  readonly cwd?: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input is a pipe. */
  readonly piped?: boolean;
}

/** Starts the command with these words. */
export function start(words: readonly string[], { cwd, env, piped = false }: Surroundings = {}): Started {
  return started(
    spawn(process.execPath, [program, ...words], {
      stdio: [piped ? 'pipe' : 'ignore', 'ignore', 'pipe'],
      cwd,
      env: { ...process.env, ...env },
    }),
  );
}

/** A command that is a child of this process, with its standard error in a pipe. */
export function started(child: ChildProcess): Started {
  running.add(child);
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  // It may end before it has read everything.
  child.stdin?.on('error', () => {});
  const ended = new Promise<Awaited<Started['ended']>>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stderr });
    });
  });
  return { child, ended };
}

/** Ends every command that still runs: of a trial that has failed. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs the command to its end. @throws Error where its exit code is not 0 */
export async function run(words: readonly string[], surroundings?: Surroundings): Promise<string> {
  const { code, signal, stderr } = await start(words, surroundings).ended;
  if (code !== 0) throw new Error(`exit code ${code ?? signal}: ${stderr}`);
  return stderr;
}

/** Resolves when a file comes into the folder, or the run has ended. */
export async function firstFile(folder: string, ended: Promise<unknown>): Promise<void> {
  const watcher = watch(folder);
  await Promise.race([new Promise((resolve) => watcher.once('change', resolve)), ended]);
  watcher.close();
}

/** @throws Error with the text where the condition does not hold */
export function holds(condition: boolean, text: string): void {
  if (!condition) throw new Error(text);
}
