import { createHash } from 'node:crypto';
import type { FieldOptions } from '../../core/declare/field.ts';
import { u16 } from './vector.ts';

type Format = NonNullable<FieldOptions['format']>;

/** Reserved values of RFC 8701, which clients scatter at random: 0x0a0a, 0x1a1a ... 0xfafa. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);

const GROUPS = 10;
const POINT_FORMATS = 11;

function words(view: Uint8Array, from: number, to: number, keepGrease = false): number[] {
  const found: number[] = [];
  for (let at = from; at + 2 <= to; at += 2) {
    const value = u16(view, at);
    if (keepGrease || !isGrease(value)) found.push(value);
  }
  return found;
}

/** Calls `visit` for each extension with its type and the bounds of its content. */
function eachExtension(
  view: Uint8Array,
  from: number,
  to: number,
  visit: (type: number, at: number, end: number) => void,
): void {
  for (let at = from; at + 4 <= to; ) {
    const end = Math.min(at + 4 + u16(view, at + 2), to);
    visit(u16(view, at), at + 4, end);
    at = end;
  }
}

/** Bounds of the extensions behind `at`, where their length stands; none when that is cut off. */
function extensionBounds(view: Uint8Array, at: number, end: number): readonly [number, number] {
  return at + 2 > end ? [end, end] : [at + 2, Math.min(at + 2 + u16(view, at), end)];
}

/**
 * The string that the JA3 digest of a ClientHello is made of: version, cipher suites, extensions, groups and point
 * formats in wire order, without GREASE (github.com/salesforce/ja3). The body of the hello begins at `at`.
 */
export function clientText(view: Uint8Array, at: number, length: number, withCookie: boolean): string {
  const end = at + length;
  let place = at + 35 + view[at + 34]!;
  if (withCookie && place < end) place += 1 + view[place]!;
  const ciphersEnd = place + 2 <= end ? Math.min(place + 2 + u16(view, place), end) : end;
  const ciphers = words(view, place + 2, ciphersEnd);
  const compressionsEnd = ciphersEnd < end ? ciphersEnd + 1 + view[ciphersEnd]! : end;
  const [from, to] = extensionBounds(view, compressionsEnd, end);
  const extensions: number[] = [];
  let groups: number[] = [];
  let formats: number[] = [];
  eachExtension(view, from, to, (type, content, contentEnd) => {
    if (!isGrease(type)) extensions.push(type);
    if (type === GROUPS && content + 2 <= contentEnd) {
      groups = words(view, content + 2, Math.min(content + 2 + u16(view, content), contentEnd));
    } else if (type === POINT_FORMATS && content < contentEnd) {
      formats = Array.from(view.subarray(content + 1, Math.min(content + 1 + view[content]!, contentEnd)));
    }
  });
  return [u16(view, at), ...[ciphers, extensions, groups, formats].map((list) => list.join('-'))].join(',');
}

/** The string that the JA3S digest of a ServerHello is made of: version, cipher suite, extensions in wire order. */
export function serverText(view: Uint8Array, at: number, length: number): string {
  const end = at + length;
  const place = at + 35 + view[at + 34]!;
  const extensions: number[] = [];
  const [from, to] = extensionBounds(view, place + 3, end);
  eachExtension(view, from, to, (type) => extensions.push(type));
  return `${u16(view, at)},${place + 2 <= end ? u16(view, place) : ''},${extensions.join('-')}`;
}

/** The MD5 digest of such a string, in hexadecimal digits. */
export const digestOf =
  (format: Format): Format =>
  (view, at, length, frame, layer) =>
    createHash('md5')
      .update(format(view, at, length, frame, layer))
      .digest('hex');
