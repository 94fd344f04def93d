import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** The folder of the repository. */
export const root = join(import.meta.dirname, '..', '..', '..');
/** The built package; PACKETLOOM_DIST names another build. */
export const dist = process.env.PACKETLOOM_DIST ?? join(root, 'dist');
export const main = join(dist, 'cli', 'main.js');
/** 1,350 frames in 160 flows. */
export const office = join(root, 'examples', 'captures', 'office.pcap');

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts the built command; `file` names another copy of it. */
export function start(words: readonly string[], cwd = root, file = main): Running {
  const child = spawn(process.execPath, [file, ...words], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished };
}

/** Where a run serves metrics, as it says on stderr. */
export function addressOf({ child }: Pick<Running, 'child'>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr!.on('data', (more) => {
      text += more;
      const found = /metrics: (http:\S+)\/metrics/.exec(text);
      if (found !== null) resolve(found[1]!);
    });
    child.on('close', () => reject(new Error(text)));
  });
}

/** Runs the built command to its end. */
export function run(words: readonly string[], options: { readonly cwd?: string; readonly input?: Uint8Array } = {}) {
  const { child, finished } = start(words, options.cwd);
  child.stdin!.end(options.input);
  return finished;
}

/** A folder for the tests of one file, removed at their end. */
export function temporaryFolder(): { path: string; write(name: string, content: string | Uint8Array): string } {
  const path = mkdtempSync(join(tmpdir(), 'packetloom-cli-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
  };
}

/** Rows of CSV text without quotes, as objects. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv.trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])));
}

const shared = join(root, '..', 'shared', 'captures');

/** Path of a shared capture; undefined (and a reason is printed) where the shared captures are not there. */
export function sharedCapture(name: string): string | undefined {
  const path = join(shared, name);
  if (existsSync(path)) return path;
  console.warn(`skipped: no shared captures here (${name})`);
  return undefined;
}
