import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../core/expression/address.ts';
import { nearest } from '../../../core/expression/nearest.ts';
import { canonicalUnit, conversion, isUnit, nanosecondsIn, productUnit } from '../../../core/expression/units.ts';

describe('units', () => {
  it.each([
    ['bytes', 's', -1, 'bytes/s'],
    ['bytes', 'bytes', 1, 'bytes^2'],
    ['bytes', 'bytes', -1, ''],
    ['', 's', -1, '1/s'],
    ['bytes/s', 's', 1, 'bytes'],
    ['bytes/s', 's', -1, 'bytes/s^2'],
    ['s', 'bytes', 1, 'bytes*s'],
    ['bytes/s', 'dB', -1, 'bytes/dB/s'],
  ])('%s and %s to the power %s make "%s"', (a, b, power, expected) => expect(productUnit(a, b, power)).toBe(expected));

  it.each([
    ['bytes', 'bits', 8],
    ['bytes/s', 'kbit/s', 0.008],
    ['KiB', 'bytes', 1024],
    ['s', 'ms', 1000],
    ['h', 'min', 60],
    ['1/s', '1/min', 60],
    ['s^2', 'ms^2', 1e6],
    ['', '%', 100],
    ['', 'frames', 1],
    ['dB', 'dB', 1],
    ['bytes', 's', undefined],
    ['bytes', 'bytes/s', undefined],
    ['dB', 'bytes', undefined],
  ])('one %s is so many %s', (from, to, factor) => {
    if (factor === undefined) expect(conversion(from, to)).toBeUndefined();
    else expect(conversion(from, to)).toBeCloseTo(factor, 12);
  });

  it('nanoseconds', () => {
    expect(['s', 'ms', 'us', 'min', 'd', 'bytes', '', '1/s'].map(nanosecondsIn)).toEqual([
      1e9,
      1e6,
      1e3,
      60e9,
      86400e9,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('texts that are units, and the way they are written inside', () => {
    expect(['bytes/s', 'm^2', 'a*b/c', '', 'b y', '/s', 'bytes/', 'a^x'].map(isUnit)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([undefined, 'B', 'byte', 'bit', 'dB'].map(canonicalUnit)).toEqual(['', 'bytes', 'bytes', 'bits', 'dB']);
  });
});

describe('addresses', () => {
  // RFC 5952, section 4 and 5.
  it.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['00:1B:2c:3d:4e:5f', '00:1b:2c:3d:4e:5f'],
  ])('%s prints as %s', (written, text) => expect(formatAddress(parseAddress(written)!.value)).toBe(text));

  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1:2:3',
    '1::2::3',
    ':::',
    '12345::',
    '::1.2.3',
    '1:2:3:4:5:6:7:8:9',
    '1.2.3.4/33',
    '::/129',
    '1.2.3.4/',
    '00:11:22:33:44',
    '1:2:3:4:5:6:7::8',
    'x',
  ])('%s is none', (written) => expect(parseAddress(written)).toBeUndefined());

  it('prefixes', () => {
    expect(parseAddress('10.0.0.0/8')).toEqual({ value: '\n\0\0\0', bits: 8 });
    expect(parseAddress('::/0')!.bits).toBe(0);
    expect(parseAddress('::1/128')!.bits).toBe(128);
  });
});

it('nearest names: a letter wrong, missing, too many or swapped, in about three', () => {
  const names = ['frame.len', 'ip.ttl', 'tcp.flags.syn', 'duration'];
  expect(
    ['frame.lenn', 'fram.len', 'ip.tll', 'tcp.flag.syn', 'duratoin', 'DURATION', 'x', 'qqqqqqqq'].map((name) =>
      nearest(name, names),
    ),
  ).toEqual(['frame.len', 'frame.len', 'ip.ttl', 'tcp.flags.syn', 'duration', 'duration', undefined, undefined]);
});
