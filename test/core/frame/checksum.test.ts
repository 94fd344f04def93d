import { expect, it } from 'vitest';
import { addWords, foldSum, internetChecksum } from '../../../core/frame/checksum.ts';
import { hex } from '../../../core/testing/hex.ts';

it('sums the numerical example of RFC 1071, section 3', () => {
  const bytes = hex('00 01 f2 03 f4 f5 f6 f7');
  expect(addWords(bytes, 0, 8)).toBe(0x2ddf0);
  expect(foldSum(0x2ddf0)).toBe(0xddf2);
  expect(internetChecksum(bytes, 0, 8)).toBe(0x220d);
});

it('takes an odd last byte for the high one, and begins with another sum', () => {
  expect(addWords(hex('01 02 03'), 0, 3)).toBe(0x0102 + 0x0300);
  expect(internetChecksum(hex('00 00'), 0, 2, 0xffff)).toBe(0);
});

it('does not overflow over large ranges', () => {
  expect(foldSum(addWords(new Uint8Array(1 << 20).fill(0xff), 0, 1 << 20))).toBe(0xffff);
});
