import { describe, expect, it } from 'vitest';
import type { Field } from '../../../core/declare/field.ts';
import {
  bits,
  bytes,
  computed,
  fixedSize,
  flag,
  float32,
  float64,
  header,
  int8,
  int16,
  int32,
  int64,
  located,
  masked,
  optional,
  part,
  uint8,
  uint16,
  uint16le,
  uint24,
  uint32,
  uint32le,
  uint48,
  uint64,
  uint64le,
  unused,
} from '../../../core/declare/kinds.ts';
import { hex } from '../../../core/testing/hex.ts';

/** Place, bytes, and the bits of these bytes. */
const place = ({ offset, size, mask, shift }: Field) => [offset, size, (mask << shift) >>> 0];

describe('header', () => {
  it('places whole fields one after the other', () => {
    const fields = header({
      one: uint8('t.one'),
      two: uint16('t.two'),
      three: bytes('t.three', 5),
      four: uint32('t.four'),
    });
    expect([fields.one, fields.two, fields.three, fields.four].map(({ offset }) => offset)).toEqual([0, 1, 3, 8]);
    expect(fixedSize(fields)).toBe(12);
  });

  it('lets bits share bytes, the most significant first (the first word of IPv4)', () => {
    const fields = header({
      version: bits('t.version', 4),
      length: bits('t.length', 4, { scale: 4 }),
      next: uint8('t.next'),
    });
    expect(place(fields.version)).toEqual([0, 1, 0xf0]);
    expect(place(fields.length)).toEqual([0, 1, 0x0f]);
    expect(fields.next.offset).toBe(1);
    expect(fields.version.read(hex('46 11'), 0)).toBe(4);
    expect(fields.length.read(hex('46 11'), 0)).toBe(24);
  });

  it('spreads bits over bytes and takes the smallest whole bytes that hold them (IPv6)', () => {
    const fields = header({
      version: bits('t.version', 4),
      class: bits('t.class', 8),
      codepoint: part(bits('t.codepoint', 6)),
      congestion: part(bits('t.congestion', 2)),
      label: bits('t.label', 20),
    });
    expect(place(fields.version)).toEqual([0, 1, 0xf0]);
    expect(place(fields.class)).toEqual([0, 2, 0x0ff0]);
    expect(place(fields.codepoint)).toEqual([0, 2, 0x0fc0]);
    expect(place(fields.congestion)).toEqual([1, 1, 0x30]);
    expect(place(fields.label)).toEqual([1, 3, 0x0fffff]);
    const word = hex('6b 91 23 45');
    expect(Object.values(fields).map((field) => field.read(word, 0))).toEqual([6, 0xb9, 0x2e, 1, 0x12345]);
    expect(fixedSize(fields)).toBe(4);
  });

  it('places parts in the field before them (TCP: 4 bits, 12 flags, each by itself)', () => {
    const fields = header({
      length: bits('t.length', 4),
      flags: bits('t.flags', 12),
      reserved: part(flag('t.reserved', {}, 3)),
      accurate: part(flag('t.accurate')),
      window: part(bits('t.window', 2)),
      rest: part(bits('t.rest', 6)),
      next: uint16('t.next'),
    });
    expect(place(fields.length)).toEqual([0, 1, 0xf0]);
    expect(place(fields.flags)).toEqual([0, 2, 0x0fff]);
    expect(place(fields.reserved)).toEqual([0, 1, 0x0e]);
    expect(place(fields.accurate)).toEqual([0, 1, 0x01]);
    expect(place(fields.window)).toEqual([1, 1, 0xc0]);
    expect(place(fields.rest)).toEqual([1, 1, 0x3f]);
    expect(fields.next.offset).toBe(2);
    expect(Object.values(fields).map((field) => field.read(hex('5b c2 0102'), 0))).toEqual([
      5, 0xbc2, 1, 1, 3, 2, 0x0102,
    ]);
    expect(fields.reserved.read(hex('50 00'), 0)).toBe(0);
  });

  it('places parts of bits in the middle of a byte, and bits behind them (IPv4 flags and offset)', () => {
    const fields = header({
      flags: bits('t.flags', 3),
      first: part(flag('t.first')),
      second: part(flag('t.second')),
      third: part(flag('t.third')),
      offset: bits('t.offset', 13),
    });
    expect(Object.values(fields).map(place)).toEqual([
      [0, 1, 0xe0],
      [0, 1, 0x80],
      [0, 1, 0x40],
      [0, 1, 0x20],
      [0, 2, 0x1fff],
    ]);
    expect(Object.values(fields).map((field) => field.read(hex('b5 55'), 0))).toEqual([5, 1, 0, 1, 0x1555]);
  });

  it('places parts of a whole field, and leaves unused bits out', () => {
    const fields = header({
      before: uint8('t.before'),
      whole: uint16('t.whole'),
      gap: part(unused(9)),
      low: part(bits('t.low', 7)),
    });
    expect(Object.keys(fields)).toEqual(['before', 'whole', 'low']);
    expect(place(fields.low)).toEqual([2, 1, 0x7f]);
  });

  it('takes all 32 bits', () => {
    const fields = header({ high: bits('t.high', 1), low: bits('t.low', 31) });
    expect(place(fields.low)).toEqual([0, 4, 0x7fffffff]);
    expect(fields.low.read(hex('ffffffff'), 0)).toBe(0x7fffffff);
    expect(header({ all: bits('t.all', 32) }).all.read(hex('fffffffe'), 0)).toBe(0xfffffffe);
  });

  it('keeps fields that are found, given or worked out without a place', () => {
    const fields = header({
      kind: uint8('t.kind'),
      found: located((_bytes, at) => at + 1, uint8('t.found')),
      given: optional(() => true, uint16('t.given'), 2),
      worked: computed('t.worked', 'uint', () => 7),
      end: uint8('t.end'),
    });
    expect(fields.end.offset).toBe(1);
    expect(fixedSize(fields)).toBe(2);
    expect(fields.found.readAt(hex('01 02 03'), 1)).toBe(2);
  });

  it('refuses bits that do not fill bytes, parts without a whole or past it, spans without a length', () => {
    expect(() => header({ one: bits('t.one', 3), two: uint8('t.two') })).toThrow(RangeError);
    expect(() => header({ one: bits('t.one', 3) })).toThrow(/"t.one" .* 3 bits/);
    expect(() => header({ one: part(flag('t.one')) })).toThrow(/no field stands before/);
    expect(() => header({ one: uint8('t.one'), two: part(bits('t.two', 9)) })).toThrow(/reaches past the 1 bytes/);
    expect(() => header({ one: bytes('t.one', () => 3) })).toThrow(/no fixed length/);
  });
});

describe('readers', () => {
  const read = (field: Field, dump: string) => {
    const fields = header({ pad: uint8('t.pad'), field });
    const value = fields.field.read(hex('ff ff', dump), 1);
    expect(fields.field.readAt(hex('ff ff', dump), 2)).toBe(value); // both ways, at another place
    return value;
  };

  it('read integers of every width', () => {
    expect(read(uint8('t.x'), 'fe')).toBe(254);
    expect(read(uint16('t.x'), 'fe dc')).toBe(0xfedc);
    expect(read(uint24('t.x'), 'fe dc ba')).toBe(0xfedcba);
    expect(read(uint32('t.x'), 'fe dc ba 98')).toBe(0xfedcba98);
    expect(read(uint48('t.x'), 'fe dc ba 98 76 54')).toBe(0xfedcba987654);
    expect(read(uint64('t.x'), '00 1f ff ff ff ff ff ff')).toBe(Number.MAX_SAFE_INTEGER);
    expect(read(uint64('t.x'), '80 00 00 00 00 00 00 00')).toBe(2 ** 63);
  });

  it('read the least significant byte first', () => {
    expect(read(uint16le('t.x'), '01 fe')).toBe(0xfe01);
    expect(read(uint32le('t.x'), '01 02 03 fe')).toBe(0xfe030201);
    expect(read(uint64le('t.x'), '01 00 00 00 02 00 00 00')).toBe(2 * 2 ** 32 + 1);
  });

  it('read two’s complement', () => {
    expect(read(int8('t.x'), 'ff')).toBe(-1);
    expect(read(int16('t.x'), '80 00')).toBe(-32768);
    expect(read(int32('t.x'), 'ff ff ff fe')).toBe(-2);
    expect(read(int64('t.x'), 'ff ff ff ff ff ff ff fd')).toBe(-3);
  });

  it('read floating point', () => {
    expect(read(float32('t.x'), 'bf c0 00 00')).toBe(-1.5);
    expect(read(float64('t.x'), '40 09 21 fb 54 44 2d 18')).toBe(Math.PI);
  });

  it('read some bits of a located field', () => {
    expect(masked(uint8('t.x'), 0xf0).readAt(hex('a5'), 0)).toBe(10);
    expect(masked(uint16('t.x'), 0x7fff).readAt(hex('ff 01'), 0)).toBe(0x7f01);
    expect(masked(flag('t.x'), 0x8000, 2).readAt(hex('80 00'), 0)).toBe(1);
    expect(masked(flag('t.x'), 0x80000000, 4).readAt(hex('7f ff ff ff'), 0)).toBe(0);
  });
});
