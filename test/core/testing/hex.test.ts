import { expect, it } from 'vitest';
import { hex } from '../../../core/testing.ts';

it('reads pairs of digits with white space and comments', () => {
  const dump = `
    45 00     # version, length, service
    00:14     ; not this`.replace(':', '');
  expect([...hex(dump, 'AB cd')]).toEqual([0x45, 0, 0, 0x14, 0xab, 0xcd]);
  expect(hex('')).toHaveLength(0);
});

it('refuses anything else', () => {
  expect(() => hex('4')).toThrow(TypeError);
  expect(() => hex('4g')).toThrow(TypeError);
});
