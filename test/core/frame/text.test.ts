import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../core/declare/field.ts';
import {
  bits,
  bytes,
  flag,
  int64,
  ipv4,
  mac,
  text,
  uint8,
  uint16,
  uint24,
  uint64,
} from '../../../core/declare/kinds.ts';
import { Frame } from '../../../core/frame/frame.ts';
import { displayText, fieldText, hexText, ipv4Text, ipv6Text, macText } from '../../../core/frame/text.ts';
import { hex } from '../../../core/testing/hex.ts';

describe('ipv6Text', () => {
  const of = (dump: string) => ipv6Text(hex(dump), 0);

  it('prints the examples of RFC 5952', () => {
    expect(of('20010db8 00000000 00000000 00000001')).toBe('2001:db8::1');
    expect(of('20010db8 00000001 00010001 00010001')).toBe('2001:db8:0:1:1:1:1:1');
    expect(of('20010000 00000001 00000000 00000001')).toBe('2001:0:0:1::1');
    expect(of('20010db8 00000000 00010000 00000001')).toBe('2001:db8::1:0:0:1');
    expect(of('20010db8 aaaabbbb ccccdddd eeee0001')).toBe('2001:db8:aaaa:bbbb:cccc:dddd:eeee:1');
  });

  it('prints zeros at either end', () => {
    expect(of('00000000 00000000 00000000 00000000')).toBe('::');
    expect(of('00000000 00000000 00000000 00000001')).toBe('::1');
    expect(of('fd000000 00000000 00000000 00000000')).toBe('fd00::');
    expect(of('00000001 00000000 00000000 00000001')).toBe('0:1::1');
    expect(of('00000000 00010002 00030004 00050006')).toBe('::1:2:3:4:5:6');
    expect(of('00010002 00030004 00050006 00000000')).toBe('1:2:3:4:5:6::');
  });

  it('prints an embedded IPv4 address dotted', () => {
    expect(of('00000000 00000000 0000ffff c0000201')).toBe('::ffff:192.0.2.1');
    expect(of('00000000 00000000 00000000 c0000201')).toBe('::192.0.2.1');
    expect(of('00000000 00000000 0000ffff 00000000')).toBe('::ffff:0.0.0.0');
    expect(of('0064ff9b 00000000 00000000 c0000201')).toBe('64:ff9b::c000:201');
  });

  it('prints what the URL standard prints', () => {
    const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), (words) => {
        fc.pre(words.slice(0, 5).some((group) => group !== 0)); // that one prints nothing dotted
        const dump = words.map((group) => group.toString(16).padStart(4, '0')).join('');
        expect(`[${of(dump)}]`).toBe(
          new URL(`http://[${words.map((group) => group.toString(16)).join(':')}]`).hostname,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('texts of fields', () => {
  const frame = new Frame();
  frame.bytes = hex('de ad be ef 00 01 80 ff');
  const of = (field: Field, place: number, length: number, value = Number.NaN) =>
    fieldText(field, frame, 0, place, length, value);

  it('prints addresses and bytes', () => {
    expect(macText(frame.bytes, 0)).toBe('de:ad:be:ef:00:01');
    expect(ipv4Text(frame.bytes, 0)).toBe('222.173.190.239');
    expect(hexText(frame.bytes, 1, 3)).toBe('adbeef');
    expect(of(mac('t.x'), 0, 6)).toBe('de:ad:be:ef:00:01');
    expect(of(ipv4('t.x'), 0, 4)).toBe('222.173.190.239');
    expect(of(bytes('t.x', 2), 0, 2)).toBe('dead');
  });

  it('prints hexadecimal numbers with all digits of their bytes, or as many as stated', () => {
    expect(of(uint8('t.x', { display: 'hex' }), 0, 1, 10)).toBe('0x0a');
    expect(of(uint16('t.x', { display: 'hex' }), 0, 2, 10)).toBe('0x000a');
    expect(of(uint24('t.x', { display: 'hex' }), 0, 3, 10)).toBe('0x00000a');
    expect(of(bits('t.x', 4, { display: 'hex', digits: 4 }), 0, 1, 10)).toBe('0x000a');
    expect(of(uint8('t.x', { display: 'octal' }), 0, 1, 8)).toBe('010');
    expect(of(uint8('t.x'), 0, 1, 10)).toBe('10');
    expect(of(flag('t.x'), 0, 1, 1)).toBe('1');
  });

  it('prints 64 bits exactly', () => {
    expect(of(uint64('t.x'), 0, 8)).toBe('16045690981097505023');
    expect(of(uint64('t.x', { display: 'hex' }), 0, 8)).toBe('0xdeadbeef000180ff');
    expect(of(int64('t.x'), 0, 8)).toBe('-2401053092612046593');
  });

  it('prints text as UTF-8 or as the field says', () => {
    const words = new Frame();
    words.bytes = Uint8Array.from([0x67, 0xc3, 0xbc, 0xff]);
    expect(fieldText(text('t.x', 3), words, 0, 0, 3, Number.NaN)).toBe('gü');
    expect(fieldText(text('t.x', 1), words, 0, 3, 1, Number.NaN)).toBe('\ufffd');
    const format = (_bytes: Uint8Array, offset: number, length: number) => `${offset}+${length}`;
    expect(fieldText(text('t.x', 1, { format }), words, 0, 3, 1, Number.NaN)).toBe('3+1');
  });

  it('adds names, units and the other base for people', () => {
    expect(displayText(uint8('t.x', { values: { 6: 'TCP' } }), '6', 6)).toBe('TCP (6)');
    expect(displayText(uint8('t.x', { values: { 6: 'TCP' } }), '7', 7)).toBe('7');
    expect(displayText(uint16('t.x', { unit: 'bytes' }), '7', 7)).toBe('7 bytes');
    expect(displayText(uint16('t.x', { display: 'decimal-hex' }), '258', 258)).toBe('258 (0x0102)');
  });
});
