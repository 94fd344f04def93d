const BILLION = 1e9;
const WORD = 2 ** 32;
/** Seconds past which nanoseconds since 1970 leave 64 bits. */
const LAST_SECOND = 9_223_372_036;

/**
 * Writes a time, as whole Unix seconds and nanoseconds, as nanoseconds in 64 bits: the high word, signed, then the low one.
 * Times outside of 64 bits (1677 to 2262) become the first or last one. Exact, without big integers.
 */
export function nanosecondWords(seconds: number, nanoseconds: number, words: Int32Array): void {
  if (seconds >= LAST_SECOND) {
    words[0] = 0x7fffffff;
    words[1] = -1;
    return;
  }
  if (seconds < -LAST_SECOND) {
    words[0] = -0x80000000;
    words[1] = 0;
    return;
  }
  // In halves of 16 bits, so that every product is a safe integer.
  const high = Math.floor(seconds / 65536);
  const product = high * BILLION;
  const top = Math.floor(product / 65536);
  const rest = (product - top * 65536) * 65536 + (seconds - high * 65536) * BILLION + nanoseconds;
  const carry = Math.floor(rest / WORD);
  words[0] = top + carry;
  words[1] = rest - carry * WORD;
}
