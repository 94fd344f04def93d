/** Signals that end a run in order, with the exit code of a process that ends by them. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** What waits for signals. */
export interface Signals {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Exit code that belongs to the signal that came; undefined before one comes. */
  readonly code: number | undefined;
  /** Goes back to how signals were before. */
  dispose(): void;
}

/** Waits for SIGINT and SIGTERM: the first one ends the run in order, a second one the process at once. */
export function listenForSignals(): Signals {
  const controller = new AbortController();
  let code: number | undefined;
  const listeners = Object.entries(CODES).map(([name, value]) => {
    const listener = () => {
      if (code !== undefined) process.exit(value);
      code = value;
      controller.abort();
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    get code() {
      return code;
    },
    dispose() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
