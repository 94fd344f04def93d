import type { FrameReader } from '../declare/source.ts';

/** A run gives way to signals, timers and other work after this long. */
const LONGEST_HOLD_MILLISECONDS = 20;

/**
 * A source around a source that lets the event loop turn now and then: reading a plain file never waits, and without this
 * no signal would be seen before its end. It also closes the source once only.
 */
export function breathing(reader: FrameReader): FrameReader {
  let since = Date.now();
  let closing: Promise<void> | undefined;
  return {
    get interfaces() {
      return reader.interfaces;
    },
    statistics: () => reader.statistics(),
    ...(reader.comments === undefined ? {} : { comments: (place: number) => reader.comments!(place) }),
    read(batch) {
      if (Date.now() - since < LONGEST_HOLD_MILLISECONDS) return reader.read(batch);
      return new Promise((resolve, reject) => {
        setImmediate(() => {
          since = Date.now();
          Promise.resolve()
            .then(() => (closing === undefined ? reader.read(batch) : 0))
            .then(resolve, reject);
        });
      });
    },
    close() {
      closing ??= reader.close();
      return closing;
    },
  };
}
