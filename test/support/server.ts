import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A server of a test: a child process with a log. */
export interface Server {
  readonly process: ChildProcess;
  /** Ends it, and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server and waits until it answers.
 * @param log file for what it prints
 * @param answers resolves to true when it is ready; asked again and again for a minute
 */
export async function startServer(
  command: string,
  words: readonly string[],
  log: string,
  answers: () => Promise<boolean>,
): Promise<Server> {
  const descriptor = openSync(log, 'a');
  // It ends with this process at the latest: nothing stays behind a test that was given up.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...words], {
    stdio: ['ignore', descriptor, descriptor],
  });
  closeSync(descriptor);
  const exited = once(child, 'exit').catch((error: Error) => {
    throw new Error(`${command} cannot be started: ${error.message}`);
  });
  let gone: unknown;
  exited.then(
    () => {
      gone = `${command} has ended: ${readFileSync(log, 'utf8').slice(-2000)}`;
    },
    (error: Error) => {
      gone = error.message;
    },
  );
  const server = {
    process: child,
    async end(signal: NodeJS.Signals) {
      child.kill(signal);
      await exited;
    },
  };
  for (const until = Date.now() + 60_000; Date.now() < until; await delay(50)) {
    if (gone !== undefined) throw new Error(String(gone));
    if (await answers()) return server;
  }
  await server.end('SIGKILL');
  throw new Error(`${command} does not answer: ${readFileSync(log, 'utf8').slice(-2000)}`);
}
