const WORD = 2 ** 32;
const LIMIT = 2 ** 63;
/** The largest float64 below. */
const LARGEST = LIMIT - 1024;

/**
 * Writes a whole number as a signed 64-bit integer, the lower word first. One that does not fit becomes the nearest that
 * does; false then.
 * @param at index of the lower word
 */
export function setInteger(words: Int32Array, at: number, value: number): boolean {
  const whole = value >= LIMIT ? LARGEST : value < -LIMIT ? -LIMIT : Math.trunc(value);
  const high = Math.floor(whole / WORD);
  words[at] = whole - high * WORD;
  words[at + 1] = high;
  return value < LIMIT && value >= -LIMIT;
}
