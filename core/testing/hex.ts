/**
 * Bytes from a hex dump laid out for people: pairs of digits with any white space between them, and comments from `#`
 * or `;` to the end of the line, so that a frame can stand one header field to a line.
 * @throws TypeError for anything that is not a pair of hexadecimal digits.
 */
export function hex(...dumps: readonly string[]): Uint8Array {
  const digits = dumps
    .map((dump) => dump.replaceAll(/[#;].*$/gm, ''))
    .join(' ')
    .replaceAll(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits))
    throw new TypeError(`not pairs of hexadecimal digits: ${digits}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
