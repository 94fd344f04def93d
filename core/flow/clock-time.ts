/** Whole Unix seconds, and nanoseconds. */
export interface ClockTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** A time of a meter's: nanoseconds from a base in whole Unix seconds; undefined before the first frame. */
export function clockTime(base: number, time: number): ClockTime | undefined {
  if (!Number.isFinite(base + time)) return undefined;
  const whole = Math.floor(time / 1e9);
  return { seconds: base + whole, nanoseconds: time - whole * 1e9 };
}
