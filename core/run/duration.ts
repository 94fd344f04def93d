const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** Longest duration that stays exact in nanoseconds: 2^53 - 1, a little over 104 days. */
export const MAXIMUM_DURATION = Number.MAX_SAFE_INTEGER;

/** Texts that {@link parseDuration} takes, as a regular expression for JSON Schema. */
export const DURATION_PATTERN = '^(?:0|[0-9]+(?:\\.[0-9]+)?(?:ns|us|ms|s|m|h|d))$';

/**
 * Nanoseconds of a duration such as `250ms`, `1.5s`, `30m`; units are ns, us, ms, s, m, h and d.
 * Undefined where the text is none, or longer than 104 days.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^([0-9]+)(?:\.([0-9]+))?(ns|us|ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  const [, whole, fraction = '', unit] = match;
  const scale = UNITS[unit!]!;
  // Digits of the fraction one by one: 0.1 s is exactly 100,000,000 ns.
  const nanoseconds = Number(whole) * scale + Math.round((Number(fraction || 0) * scale) / 10 ** fraction.length);
  return nanoseconds <= MAXIMUM_DURATION ? nanoseconds : undefined;
}

/** The shortest text for a number of nanoseconds: the largest unit that divides it, hours and days apart. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  // Minutes only from ten up, as people write 120s and 30m.
  const unit = (['h', 'm', 's', 'ms', 'us'] as const).find(
    (one) => nanoseconds % UNITS[one]! === 0 && (one !== 'm' || nanoseconds >= 600e9),
  );
  return unit === undefined ? `${nanoseconds}ns` : `${nanoseconds / UNITS[unit]!}${unit}`;
}
