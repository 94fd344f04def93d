/**
 * Copies a text as long as it is ASCII in which no unit is marked in `special` (128 places), else stops.
 * Returns the number of units copied; all of them when it equals the length.
 */
export function writePlain(bytes: Uint8Array, at: number, text: string, special: Uint8Array): number {
  const { length } = text;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 127 || special[unit] !== 0) return index;
    bytes[at + index] = unit;
  }
  return length;
}

/** A table for {@link writePlain} of the characters in `text`. */
export function specialCharacters(text: string): Uint8Array {
  const special = new Uint8Array(128);
  for (const character of text) special[character.charCodeAt(0)] = 1;
  return special;
}

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. A lone surrogate becomes U+FFFD. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
