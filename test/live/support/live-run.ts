import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { main } from '../../cli/support/command.ts';
import { eventually } from '../../cli/support/needs.ts';
import type { Host } from './network.ts';

/** The three live sources. */
export const SOURCES = ['dumpcap', 'tcpdump', 'cap'] as const;

/** A live run of the built command on a host. */
export class LiveRun {
  readonly child: ChildProcess;
  readonly finished: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  stdout = '';
  stderr = '';
  readonly #host: Host;

  constructor(host: Host, ...words: readonly string[]) {
    this.#host = host;
    this.child = host.start(process.execPath, main, ...words);
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.finished = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Waits until its interface, and those of `others` beside it, are being captured. */
  async listening(others = 0): Promise<this> {
    await Promise.race([this.#host.listeners(1 + others), this.finished]);
    if (this.child.exitCode !== null) throw new Error(`ended at once: ${this.stderr}`);
    return this;
  }

  /** Frames it has read so far, as it says when it is asked. */
  async frames(): Promise<number> {
    const before = this.stderr.length;
    this.child.kill('SIGUSR1');
    return eventually(() => {
      const found = /^frames +([\d,]+) read/m.exec(this.stderr.slice(before))?.[1];
      return found === undefined ? undefined : Number(found.replaceAll(',', ''));
    });
  }

  /** Waits until it has read so many frames. */
  async read(frames: number): Promise<void> {
    await eventually(async () => (await this.frames()) >= frames || undefined);
  }

  /** Lines it has said, without those of summaries. */
  get said(): readonly string[] {
    return this.stderr.split('\n').filter((line) => /^packetloom: (?!so far)/.test(line));
  }

  /** Waits until it says something. */
  async says(what: RegExp): Promise<void> {
    await eventually(() => this.said.some((line) => what.test(line)) || undefined);
  }

  /** Ends it in order; its exit code. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | string | null> {
    this.child.kill(signal);
    const { code, signal: by } = await this.finished;
    return code ?? by;
  }

  /** Ids of the processes it has started. */
  get capturing(): readonly number[] {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return ids.map(Number).filter((id) => parentOf(id) === this.child.pid);
  }
}

function parentOf(id: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined; // it has ended
  }
}
