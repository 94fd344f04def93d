import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addHexText } from '../../../core/packets/add.ts';
import { constantOf, NO_CONSTANT, putConstant } from '../../../core/packets/constants.ts';
import { escapeForJson, escapeForTabs, quoteCell } from '../../../core/packets/escape.ts';
import {
  putByte,
  putHash,
  putHexNumber,
  putHexWord,
  putIpv4,
  putIpv6,
  putMac,
  putNumber,
  putTime,
} from '../../../core/packets/put.ts';
import { addString, TextChunk } from '../../../core/packets/text-chunk.ts';

/** What a writer writes behind three bytes, and that it says where it ended. */
function written(put: (to: Uint8Array, at: number) => number): string {
  const to = new Uint8Array(80).fill(0x23);
  const end = put(to, 3);
  expect(Buffer.from(to.subarray(0, 3)).toString()).toBe('###');
  return Buffer.from(to.subarray(3, end)).toString('latin1');
}

/** A chunk with a text in it. */
function chunkOf(text: string): { readonly out: TextChunk; readonly end: number } {
  const out = new TextChunk(0);
  return { out, end: addString(out, 2, text) };
}

const contentOf = (out: TextChunk, end: number): string => Buffer.from(out.bytes.subarray(2, end)).toString('utf8');

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('a value is written as', () => {
  test('decimal digits', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(written((to, at) => putNumber(to, at, value))).toBe(String(value));
      }),
    );
    for (let byte = 0; byte < 256; byte += 1) expect(written((to, at) => putByte(to, at, byte))).toBe(String(byte));
  });

  test('hexadecimal digits, at least as many as stated', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger().map(Math.abs), fc.integer({ min: 1, max: 12 }), (value, digits) => {
        const plain = `0x${value.toString(16).padStart(digits, '0')}`;
        expect(written((to, at) => putHexNumber(to, at, value, digits))).toBe(plain);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (size, number) => {
        const value = number % 256 ** size;
        const plain = `0x${value.toString(16).padStart(2 * size, '0')}`;
        expect(written((to, at) => putHexWord(to, at, value, size))).toBe(plain);
      }),
    );
    expect(written((to, at) => putHash(to, at, 0xdeadbeef, 0x0000001f))).toBe('deadbeef0000001f');
  });

  test('an address', () => {
    fc.assert(
      fc.property(bytes(6), (address) => {
        const plain = Array.from(address, (byte) => byte.toString(16).padStart(2, '0')).join(':');
        expect(written((to, at) => putMac(to, at, address, 0))).toBe(plain);
        const four = Array.from(address.subarray(1, 5)).join('.');
        expect(written((to, at) => putIpv4(to, at, address, 1))).toBe(four);
      }),
    );
    // RFC 5952, section 4, and what inet_ntop makes of addresses with an IPv4 address in them
    const addresses: readonly (readonly [string, string])[] = [
      ['20010db8000000000000000000000001', '2001:db8::1'],
      ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
      ['20010000000000010000000000000001', '2001:0:0:1::1'],
      ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
      ['00000000000000000000000000000000', '::'],
      ['00000000000000000000000000000001', '::1'],
      ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    ];
    for (const [digits, plain] of addresses) {
      const address = new Uint8Array(Buffer.from(digits, 'hex'));
      expect(written((to, at) => putIpv6(to, at, address, 0))).toBe(plain);
    }
  });

  test('seconds with nine decimals, also before 1970', () => {
    expect(written((to, at) => putTime(to, at, 1_700_000_000, 1))).toBe('1700000000.000000001');
    expect(written((to, at) => putTime(to, at, -1, 999_999_234))).toBe('-0.000000766');
  });

  test('hexadecimal digits of bytes, with a word for none', () => {
    const out = new TextChunk(0);
    const some = Uint8Array.of(0, 0x0f, 0xf0, 0xff);
    expect(contentOf(out, addHexText(out, 2, some, 1, 3))).toBe('0ff0ff');
    expect(contentOf(out, addHexText(out, 2, some, 1, 0))).toBe('<MISSING>');
  });
});

describe('text', () => {
  test('is written in UTF-8, with room made for it', () => {
    fc.assert(
      fc.property(text, (one) => {
        const { out, end } = chunkOf(one);
        expect(contentOf(out, end)).toBe(Buffer.from(one, 'utf8').toString('utf8'));
      }),
    );
  });

  test('for tabs has five escapes', () => {
    const { out, end } = chunkOf('q"\\a\b\t\n\f\r\v\u0001|,');
    expect(contentOf(out, escapeForTabs(out, 2, end))).toBe('q"\\a\\b\\t\\n\\f\\r\v\u0001|,');
  });

  test('for JSON reads back the same', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary-ascii' })), (one) => {
        const { out, end } = chunkOf(one);
        expect(JSON.parse(`"${contentOf(out, escapeForJson(out, 2, end))}"`)).toBe(one);
      }),
    );
  });

  test('in a cell is in quotes where it must be (RFC 4180)', () => {
    const cell = (one: string) => {
      const { out, end } = chunkOf(one);
      return contentOf(out, quoteCell(out, 2, end));
    };
    expect(cell('plain; text\t')).toBe('plain; text\t');
    expect(cell('a,b')).toBe('"a,b"');
    expect(cell('say "so"\n')).toBe('"say ""so""\n"');
  });
});

describe('constants', () => {
  test('are written as they are', () => {
    fc.assert(
      fc.property(text, (one) => {
        const constant = constantOf(one);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: with these a text is no constant
        expect(constant === NO_CONSTANT).toBe(/[\u0000-\u001f\u007f]/.test(one));
        if (constant === NO_CONSTANT) return;
        const out = new TextChunk(256);
        out.bytes[1] = 0x23;
        const end = putConstant(out, 2, constant);
        expect(contentOf(out, end)).toBe(one);
        expect(out.bytes[1]).toBe(0x23);
      }),
    );
  });
});
