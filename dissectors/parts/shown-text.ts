const REPLACEMENT = '\ufffd';
/** Controls, formats, surrogates and what Unicode has not assigned. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}]/u;
const LETTERS: Readonly<Record<number, string>> = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r' };
const FIRST = 0x80;
const DELETE = 0x7f;
const HIGHEST = 0x10_ffff;
const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;

const ASCII = Array.from({ length: FIRST }, (_, code) => {
  if (code >= 0x20 && code !== DELETE) return String.fromCharCode(code);
  return `\\${LETTERS[code] ?? code.toString(8).padStart(3, '0')}`;
});

function shown(code: number): string {
  if (code > HIGHEST || isSurrogate(code)) return REPLACEMENT;
  const character = String.fromCodePoint(code);
  if (!UNSEEN.test(character)) return character;
  const digits = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** Bytes that follow the first byte of a character of UTF-8 in its first form (RFC 2279: six bytes at most); -1 for none. */
function following(first: number): number {
  if (first < 0xc0 || first > 0xfd) return -1;
  return Math.clz32(~first << 24) - 1;
}

/**
 * Bytes as Wireshark shows a name that may hold anything: UTF-8 as it stands, what cannot be seen by its number, what is
 * cut or beyond Unicode as one replacement character.
 */
export function shownText(bytes: ArrayLike<number>): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const first = bytes[at]!;
    if (first < FIRST) {
      text += ASCII[first]!;
      continue;
    }
    const more = following(first);
    let code = first & (0x3f >> more);
    let left = more;
    while (left > 0 && at + 1 < bytes.length && bytes[at + 1]! >> 6 === 2) {
      at += 1;
      code = code * 64 + (bytes[at]! & 0x3f);
      left -= 1;
    }
    text += more < 0 || left > 0 ? REPLACEMENT : shown(code);
  }
  return text;
}
