/** Adds the 16-bit words from `from` to `to` (an odd last byte is the high one) to a sum. RFC 1071. */
export function addWords(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  let total = sum;
  let at = from;
  for (; at + 1 < to; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!;
  if (at < to) total += bytes[at]! << 8;
  return total;
}

/** The 16-bit one's complement sum of a sum of words: 0xffff when a checksum that lies among them is right. */
export function foldSum(sum: number): number {
  let total = sum;
  while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
  return total;
}

/** The checksum of RFC 1071 over the bytes from `from` to `to`, begun with `sum` (of a pseudo header). */
export function internetChecksum(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  return foldSum(addWords(bytes, from, to, sum)) ^ 0xffff;
}
