import { isatty } from 'node:tty';

/** Signals that end a run in order, with the exit code of a process that ends by them. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** The code of a process that ends because its terminal went away: what a shell makes of SIGHUP. */
const HANG_UP = 129;
const STANDARD_ERROR = 2;

/** What waits for signals. */
export interface Signals {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Exit code that belongs to the signal that came; undefined before one comes. */
  readonly code: number | undefined;
  /** The run is over. Signals are as before it; with `requests` the first SIGINT or SIGTERM still does not end the process. */
  dispose(): void;
}

/** What a run does at signals that do not end it. */
export interface Requests {
  /** SIGHUP: begin new files. */
  rotate(): void;
  /** SIGUSR1: say how far it is. */
  report(): void;
}

const ignore = () => {};

/** Ends the process as SIGHUP does: Node itself aborts when it cannot set its terminal right at the end. */
function dieByHangUp(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/**
 * Waits for SIGHUP and SIGUSR1, when there is something to be done at them. Also after the run, until the process ends,
 * they do not end it, and SIGUSR1 does not start Node's inspector.
 */
function listenForRequests(requests: Requests, hangUp: () => void): () => void {
  const hadTerminal = isatty(STANDARD_ERROR);
  const listeners = {
    SIGHUP: () => (hadTerminal && !isatty(STANDARD_ERROR) ? hangUp() : requests.rotate()),
    SIGUSR1: () => requests.report(),
  };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      process.on(name, ignore);
      process.off(name, listener);
    }
  };
}

/**
 * Waits for SIGINT and SIGTERM: the first one ends the run in order, a second one the process at once. With `requests`
 * SIGHUP and SIGUSR1 are for them; a SIGHUP that comes because the terminal went away ends the run.
 */
export function listenForSignals(requests?: Requests): Signals {
  const controller = new AbortController();
  let code: number | undefined;
  const end = (value: number) => {
    if (code !== undefined) process.exit(value);
    code = value;
    controller.abort();
  };
  const listeners = Object.entries(CODES).map(([name, value]) => {
    const listener = () => end(value);
    process.on(name, listener);
    return { name, listener };
  });
  const hangUp = () => {
    process.once('exit', dieByHangUp);
    end(HANG_UP);
  };
  const stopRequests = requests === undefined ? ignore : listenForRequests(requests, hangUp);
  return {
    signal: controller.signal,
    get code() {
      return code;
    },
    dispose() {
      stopRequests();
      // One that comes while the summary is written must not cut it off; a second one does.
      if (requests !== undefined) return;
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
