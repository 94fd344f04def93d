/**
 * A time in whole units since 1970-01-01 UTC, cut off; NaN for an empty one. Exact to a microsecond.
 * @param time nanoseconds from `base`
 * @param base whole Unix seconds
 * @param per nanoseconds in a unit
 */
export function unixTime(time: number, base: number, per: number): number {
  const whole = Math.round(time);
  const seconds = Math.floor(whole / 1e9);
  return (base + seconds) * (1e9 / per) + Math.floor((whole - seconds * 1e9) / per);
}
