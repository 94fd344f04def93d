const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number) => String(value).padStart(2, '0');

/**
 * A moment as Wireshark prints absolute times in UTC: `Nov  3, 2026 08:35:01.123456789 UTC`.
 * @param seconds since 1970-01-01, may be negative
 * @param nanoseconds 0 to 999,999,999
 */
export function absoluteTimeText(seconds: number, nanoseconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}, ${date.getUTCFullYear()}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${clock}.${String(nanoseconds).padStart(9, '0')} UTC`;
}
