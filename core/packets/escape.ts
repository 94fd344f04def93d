import { addString, type TextChunk } from './text-chunk.ts';

/** By byte: what stands for it; undefined for itself. */
type Escapes = readonly (Uint8Array | undefined)[];

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (unit) => unit.charCodeAt(0));

/** Wireshark's: five control characters as C has them, and nothing else, not even the backslash. */
const TABS: Escapes = Array.from({ length: 256 }, (_, byte) => {
  const letter = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' }[byte];
  return letter === undefined ? undefined : ascii(`\\${letter}`);
});

const JSON_STRING: Escapes = Array.from({ length: 256 }, (_, byte) =>
  byte < 32 || byte === 34 || byte === 92 ? ascii(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)) : undefined,
);

const QUOTES: Escapes = Array.from({ length: 256 }, (_, byte) => (byte === 34 ? ascii('""') : undefined));

/** Bytes that make a cell of comma-separated values need quotes (RFC 4180, section 2). */
const NEEDS_QUOTES = new Uint8Array(256);
for (const byte of ascii('",\r\n')) NEEDS_QUOTES[byte] = 1;

/** Writes what stands between two places again, escaped and between `around`. Returns the new end. */
function rewrite(out: TextChunk, from: number, end: number, escapes: Escapes, around = ''): number {
  const plain = out.bytes.slice(from, end);
  let at = addString(out, from, around);
  const bytes = out.room(at, 6 * plain.length);
  for (const byte of plain) {
    const escaped = escapes[byte];
    if (escaped === undefined) bytes[at] = byte;
    else bytes.set(escaped, at);
    at += escaped === undefined ? 1 : escaped.length;
  }
  return addString(out, at, around);
}

/** Escapes what stands between two places as `tshark -T fields` does. Returns the new end, as all of these do. */
export function escapeForTabs(out: TextChunk, from: number, end: number): number {
  const { bytes } = out;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte < 14 && TABS[byte] !== undefined) return rewrite(out, from, end, TABS);
  }
  return end;
}

/** Escapes what stands between two places as the inside of a JSON string. */
export function escapeForJson(out: TextChunk, from: number, end: number): number {
  const { bytes } = out;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte < 32 || byte === 34 || byte === 92) return rewrite(out, from, end, JSON_STRING);
  }
  return end;
}

/** Puts a cell of comma-separated values in quotes, where it needs them. */
export function quoteCell(out: TextChunk, from: number, end: number): number {
  const { bytes } = out;
  for (let at = from; at < end; at += 1) {
    if (NEEDS_QUOTES[bytes[at]!] === 1) return rewrite(out, from, end, QUOTES, '"');
  }
  return end;
}
