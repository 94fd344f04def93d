import type { ClockStep } from '../../core/run/flow-run.ts';

/** Milliseconds between two lines about the clock. */
const PAUSE = 1000;
/** Seconds from which a difference is a step: the system corrects smaller ones all the time. */
const STEP = 1;

/** Seconds between two times that are text with nine decimals, to the nanosecond; text too. */
function difference(from: string, to: string): string {
  const nanoseconds = (text: string) => BigInt(text.replace('.', ''));
  const gone = nanoseconds(from) - nanoseconds(to);
  return `${gone / 1_000_000_000n}.${String(gone % 1_000_000_000n).padStart(9, '0')}`;
}

/** Unix seconds with nine decimals as ISO 8601, to the millisecond. */
const isoText = (time: string): string => new Date(Math.floor(Number(time) * 1000)).toISOString();

/** Tells people of steps of time while a live run goes on, at most once a second. */
export class ClockReport {
  readonly #say: (line: string) => void;
  #told = 0;
  #next = Number.NEGATIVE_INFINITY;
  #ahead: number | undefined;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Frames went back in time. `now` is milliseconds of a clock that never steps. */
  frames({ from, to, count }: ClockStep, now = performance.now()): void {
    if (now < this.#next) return;
    this.#next = now + PAUSE;
    const more = count - this.#told > 1 ? ` (${count - this.#told} steps since the last such line)` : '';
    this.#told = count;
    this.#say(
      `time of frames went back ${difference(from, to)} s to ${isoText(to)}: all flows open then have ended${more}`,
    );
  }

  /** Looks at the system's clock: to be called every second. Both are milliseconds, the second of a clock that never steps. */
  system(wall = Date.now(), steady = performance.now()): void {
    const ahead = wall - steady;
    const step = (ahead - (this.#ahead ?? ahead)) / 1000;
    this.#ahead = ahead;
    if (Math.abs(step) < STEP) return;
    const size = `${step > 0 ? '+' : ''}${step.toFixed(3)}`;
    this.#say(`the system's clock stepped by ${size} s to ${new Date(wall).toISOString()}`);
  }
}
