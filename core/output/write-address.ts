const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Bytes that an address takes at most: eight groups, or six with a dotted quad. */
export const ADDRESS_BYTES = 45;

function writeByte(bytes: Uint8Array, at: number, value: number): number {
  let place = at;
  if (value >= 100) {
    bytes[place] = 48 + ((value / 100) | 0);
    place += 1;
  }
  if (value >= 10) {
    bytes[place] = 48 + (((value / 10) | 0) % 10);
    place += 1;
  }
  bytes[place] = 48 + (value % 10);
  return place + 1;
}

/** Writes an IPv4 address, given as one 32-bit word, dotted. Returns the place behind it, as all of these do. */
export function writeIpv4(bytes: Uint8Array, at: number, word: number): number {
  let place = at;
  for (let shift = 24; shift >= 0; shift -= 8) {
    place = writeByte(bytes, place, (word >>> shift) & 0xff);
    bytes[place] = 46;
    place += 1;
  }
  return place - 1;
}

const groupOf = (words: Uint32Array, from: number, index: number): number =>
  (words[from + (index >> 1)]! >>> (index & 1 ? 0 : 16)) & 0xffff;

function writeGroup(bytes: Uint8Array, at: number, group: number): number {
  let place = at;
  for (let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
    bytes[place] = HEX[(group >>> shift) & 15]!;
    place += 1;
  }
  return place;
}

/**
 * Writes an IPv6 address, given as four words from `from` on, in the form of RFC 5952: lower case, no leading zeros, the
 * first of the longest runs of at least two zero groups as `::`, and a dotted quad in IPv4-mapped addresses (section 5) and,
 * as `inet_ntop` has it, in IPv4-compatible ones.
 */
export function writeIpv6(bytes: Uint8Array, at: number, words: Uint32Array, from: number): number {
  let zeros = -1;
  let length = 1;
  for (let index = 0; index < 8; index += 1) {
    let end = index;
    while (end < 8 && groupOf(words, from, end) === 0) end += 1;
    if (end - index > length) {
      zeros = index;
      length = end - index;
    }
    if (end > index) index = end;
  }
  const mapped = zeros === 0 && length === 5 && groupOf(words, from, 5) === 0xffff;
  const dotted = mapped || (zeros === 0 && length === 6);
  const groups = dotted ? 6 : 8;
  let place = at;
  for (let index = 0; index < groups; index += 1) {
    if (index === zeros) {
      bytes[place] = 58;
      bytes[place + 1] = 58;
      place += 2;
      index += length - 1;
      continue;
    }
    place = writeGroup(bytes, place, groupOf(words, from, index));
    if (index + 1 < groups && index + 1 !== zeros) {
      bytes[place] = 58;
      place += 1;
    }
  }
  if (!dotted) return place;
  if (mapped) {
    bytes[place] = 58;
    place += 1;
  }
  return writeIpv4(bytes, place, words[from + 3]!);
}

/** Writes a 64-bit value, given as two words from `from` on, as 16 hex digits. */
export function writeHash(bytes: Uint8Array, at: number, words: Uint32Array, from: number): number {
  for (let index = 0; index < 16; index += 1) {
    bytes[at + index] = HEX[(words[from + (index >> 3)]! >>> (28 - 4 * (index & 7))) & 15]!;
  }
  return at + 16;
}
