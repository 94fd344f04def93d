const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/**
 * An absolute time as `tshark -T fields` prints it: `Nov  9, 2001 07:05:03.000000000 UTC`.
 * @param seconds whole seconds since 1970, negative before
 * @param nanoseconds of the second, 0 to 999,999,999
 */
export function utcText(seconds: number, nanoseconds = 0): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'Not representable';
  const day = `${MONTHS[date.getUTCMonth()]!} ${String(date.getUTCDate()).padStart(2, ' ')}, ${date.getUTCFullYear()}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time}.${String(nanoseconds).padStart(9, '0')} UTC`;
}
