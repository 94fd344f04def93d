import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SourceOptions } from '../../../core/declare/source.ts';
import { StreamInput } from '../capture/stream-input.ts';
import { asUser } from './as-user.ts';

/** Milliseconds between asking a child to end and ending it. */
const PATIENCE = 2000;
/** Characters of a child's messages that are kept: the end of them matters. */
const MESSAGES = 8192;

/** How a capturing child process is started. */
export type ChildCommand =
  | { readonly program: string; readonly arguments: readonly string[] }
  /** A file for another Node, with a channel for messages; `stop` asks it to end. */
  | { readonly module: string; readonly arguments: readonly string[] };

/** How else: what it says to us, and whom it runs as. */
export interface ChildSettings {
  readonly onMessage?: ((message: unknown) => void) | undefined;
  /** It gets this user's rights and that to capture, so that the user may end it. */
  readonly user?: SourceOptions['user'];
}

/** Messages of programs are understood in English only. */
const ENVIRONMENT = { ...process.env, LC_ALL: 'C' };

/** Children that have not ended: they do not outlive this process, however it exits. */
const running = new Set<ChildProcess>();
let listens = false;

function keepTrack(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
  if (listens) return;
  listens = true;
  process.on('exit', () => {
    for (const one of running) one.kill('SIGKILL');
  });
}

/** A process that writes a capture to its standard output. */
export class ChildCapture {
  readonly input: StreamInput;
  /** Resolves when it has ended and all it wrote has arrived. */
  readonly ended: Promise<void>;
  /** Set once {@link ended}: exit code, or the signal that ended it. */
  code: number | string = 0;
  /** It could not be started. */
  failure: NodeJS.ErrnoException | undefined;
  /** It was asked to end. */
  stopped = false;
  readonly #process: ChildProcess;
  readonly #polite: () => void;
  #messages = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(command: ChildCommand, { onMessage, user }: ChildSettings = {}) {
    if ('module' in command) {
      const node = asUser({ program: process.execPath, arguments: [] }, user);
      this.#process = fork(command.module, command.arguments, {
        execPath: node.program,
        execArgv: [...node.arguments],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: ENVIRONMENT,
      });
      this.#polite = () => {
        if (this.#process.connected) this.#process.send('stop');
      };
    } else {
      const { program, arguments: words } = asUser(command, user);
      // A terminal's interrupt is ours: it would end the program before it has handed over what it has.
      const own = { detached: true, env: ENVIRONMENT };
      this.#process = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], ...own });
      this.#polite = () => this.signal('SIGINT');
    }
    keepTrack(this.#process);
    if (onMessage !== undefined) this.#process.on('message', onMessage);
    this.#process.on('error', (error) => {
      if (this.#process.pid === undefined) this.failure ??= error;
      // It may not be asked to end: without a reader it ends with its next frame.
      else if (this.stopped) this.input.close();
    });
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#messages += text;
      if (this.#messages.length <= MESSAGES) return;
      const kept = this.#messages.slice(-MESSAGES);
      this.#messages = kept.slice(kept.indexOf('\n') + 1);
    });
    this.input = new StreamInput(this.#process.stdout!, { live: true });
    this.ended = once(this.#process, 'close').then(
      ([code, signal]) => this.#end(code, signal),
      () => this.#end(null, null),
    );
  }

  #end(code: number | null, signal: string | null): void {
    clearTimeout(this.#timer);
    this.code = signal ?? code ?? 0;
  }

  /** What it wrote to its standard error. */
  get messages(): string {
    return this.#messages;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Asks it to end, and ends it when it does not. What it still writes can be read. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.#polite();
    this.#timer = setTimeout(() => this.signal('SIGKILL'), PATIENCE);
    this.#timer.unref();
  }

  /** Reads what it still writes and forgets it; resolves when it has ended. */
  async drain(): Promise<void> {
    const bytes = new Uint8Array(1 << 16);
    while (!this.input.ended) {
      if (this.input.read(bytes, 0, bytes.length) === -1) await this.input.ready();
    }
    await this.ended;
  }
}
