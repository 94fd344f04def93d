import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { StreamInput } from '../capture/stream-input.ts';

/** Milliseconds between asking a child to end and ending it. */
const PATIENCE = 2000;
/** Characters of a child's messages that are kept: the end of them matters. */
const MESSAGES = 8192;

/** How a capturing child process is started. */
export type ChildCommand =
  | { readonly program: string; readonly arguments: readonly string[] }
  /** A file for another Node, with a channel for messages; `stop` asks it to end. */
  | { readonly module: string; readonly arguments: readonly string[] };

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

  constructor(command: ChildCommand, onMessage?: (message: unknown) => void) {
    if ('module' in command) {
      this.#process = fork(command.module, command.arguments, {
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      this.#polite = () => {
        if (this.#process.connected) this.#process.send('stop');
      };
    } else {
      this.#process = spawn(command.program, command.arguments, { stdio: ['ignore', 'pipe', 'pipe'] });
      this.#polite = () => this.#process.kill('SIGINT');
    }
    if (onMessage !== undefined) this.#process.on('message', onMessage);
    this.#process.on('error', (error) => {
      this.failure ??= error;
    });
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#messages = (this.#messages + text).slice(-MESSAGES);
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

  /** Asks it to end, and ends it when it does not. What it still writes can be read. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.#polite();
    this.#timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE);
    this.#timer.unref();
  }
}
