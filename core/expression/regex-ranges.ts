// Ranges of letters: pairs of the first and the last, as code points.

const LAST = 0x10ffff;
const DIGIT = [48, 57];
const WORD = [48, 57, 65, 90, 95, 95, 97, 122];
const SPACE = [
  9, 13, 32, 32, 160, 160, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000,
  0x3000, 0xfeff, 0xfeff,
];
/** What `\d \w \s` and their opposites stand for. */
export const CLASSES: Readonly<Record<string, readonly number[]>> = {
  d: DIGIT,
  w: WORD,
  s: SPACE,
  D: others(DIGIT),
  W: others(WORD),
  S: others(SPACE),
};
/** Everything else. */
export function others(ranges: readonly number[]): number[] {
  const sorted = [...pairs(ranges)].sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  let from = 0;
  for (const [first, last] of sorted) {
    if (first > from) out.push(from, first - 1);
    from = Math.max(from, last + 1);
  }
  if (from <= LAST) out.push(from, LAST);
  return out;
}

function* pairs(ranges: readonly number[]): Iterable<readonly [number, number]> {
  for (let i = 0; i < ranges.length; i += 2) yield [ranges[i]!, ranges[i + 1]!];
}

/** Both cases of the Latin letters in the ranges. */
export function bothCases(ranges: readonly number[]): readonly number[] {
  const out = [...ranges];
  for (const [first, last] of pairs(ranges)) {
    for (const [from, to, shift] of [
      [65, 90, 32],
      [97, 122, -32],
    ] as const) {
      const low = Math.max(first, from);
      const high = Math.min(last, to);
      if (low <= high) out.push(low + shift, high + shift);
    }
  }
  return out;
}
