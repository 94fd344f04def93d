import { computed, located, repeated } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { type Find, u16 } from './vector.ts';

/** The key tag of RFC 4034, appendix B. */
export const keyTag: Find = (view, at, end) => {
  if (at + 4 > end) return Number.NaN;
  if (view[at + 3] === 1) return end - at >= 7 ? u16(view, end - 3) : Number.NaN;
  let sum = 0;
  for (let place = at; place < end; place += 1) sum += (place - at) & 1 ? view[place]! : view[place]! << 8;
  return (sum + (sum >>> 16)) & 0xffff;
};

const HEX32 = '0123456789abcdefghijklmnopqrstuv';
/** Base 32 with extended hex alphabet (RFC 4648, section 7), without padding. */
export const base32 = (view: Uint8Array, at: number, length: number): string => {
  let result = '';
  for (let bit = 0; bit < length * 8; bit += 5) {
    const place = at + (bit >> 3);
    const pair = (view[place]! << 8) | (place + 1 < at + length ? view[place + 1]! : 0);
    result += HEX32[(pair >>> (11 - (bit & 7))) & 31]!;
  }
  return result;
};

/** One of the types that a byte of a bitmap stands for, most significant bit first. */
const listed = (bit: number) =>
  located(
    (_view, at) => at,
    computed(
      'dns.resp.type',
      'uint',
      (view, at, _end, frame) => {
        const window = frame.listAt;
        return (view[at]! & (0x80 >>> bit)) === 0 ? Number.NaN : view[window]! * 256 + (at - window - 2) * 8 + bit;
      },
      { title: 'Type of a record that is there', values: namesOf('dns-types') },
      1,
    ),
  );

/** The types of record that a name has: windows of up to 256 bits (RFC 4034, 4.1.2). */
export const bitmap = (from: Find) =>
  repeated({
    from,
    next: (view, at, end) => (at + 2 <= end ? at + 2 + view[at + 1]! : -1),
    item: {
      bytes: repeated({
        from: (_view, at) => at + 2,
        next: (_view, at) => at + 1,
        item: Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((bit) => [`bit${bit}`, listed(bit)])),
        title: 'Eight types',
      }),
    },
    title: 'Window of types',
  });
