import { parseAddress } from './address.ts';
import type { Source, Span } from './problem.ts';

/** One word of an expression. */
export type Token = Span &
  (
    | { readonly kind: 'number'; readonly value: number; readonly unit: 'none' | 'duration' | 'bytes' }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'address'; readonly value: string; readonly bits: number | undefined }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'symbol'; readonly name: string }
    | { readonly kind: 'end' }
  );

/** Nanoseconds of a duration's unit. */
const DURATIONS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86400e9,
};
/** Bytes of a size's unit. */
const SIZES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const SPACE = /[ \t\r\n]+/y;
const ADDRESS =
  /(?:[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w.:])|\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))(?:\/\d+)?/iy;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;
const NUMBER = /(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-zµ]*)/y;
const TEXT = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'/y;
const SYMBOL = /==|!=|<=|>=|<<|>>|&&|\|\||[-+*/%()<>{},#&|^!=~]/y;

function at(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

/** What the escapes of a text stand for; one that is not known here keeps its backslash, for regular expressions. */
function unescaped(written: string): string {
  return written.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (all, hex, unicode, other: string) => {
    if (hex !== undefined || unicode !== undefined) return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
    if (other === 'n') return '\n';
    if (other === 't') return '\t';
    if (other === 'r') return '\r';
    return other === '\\' || other === '"' || other === "'" ? other : all;
  });
}

function numberToken(source: Source, found: RegExpExecArray, span: Span): Token {
  const [, digits = '', suffix = ''] = found;
  const value = Number(digits);
  const bad = (message: string, expected: string): Token => {
    source.problem(span, message, { expected });
    return { kind: 'number', value: 0, unit: 'none', ...span };
  };
  if (!Number.isFinite(value)) return bad('too large a number', 'at most 1.8e308');
  if (suffix === '') return { kind: 'number', value, unit: 'none', ...span };
  if (/^0x/i.test(digits)) return bad(`"${suffix}" behind a hexadecimal number`, 'an operator or the end');
  if (Object.hasOwn(DURATIONS, suffix)) {
    // 0.1 ms are 100,000 ns exactly: rounded to what the digits say, not to what their float64 says.
    const scaled = value * DURATIONS[suffix]!;
    return {
      kind: 'number',
      value: Math.abs(scaled - Math.round(scaled)) < 1e-6 ? Math.round(scaled) : scaled,
      unit: 'duration',
      ...span,
    };
  }
  if (Object.hasOwn(SIZES, suffix)) return { kind: 'number', value: value * SIZES[suffix]!, unit: 'bytes', ...span };
  return bad(`no such unit "${suffix}"`, 'ns us ms s m h d, or B kB MB GB KiB MiB GiB');
}

/** Cuts a text into words; what is no word is a problem. */
export function tokenize(source: Source): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    const space = at(SPACE, text, offset);
    if (space !== null) {
      offset += space[0].length;
      continue;
    }
    const found =
      at(ADDRESS, text, offset) ??
      at(NAME, text, offset) ??
      at(NUMBER, text, offset) ??
      at(TEXT, text, offset) ??
      at(SYMBOL, text, offset);
    if (found === null) {
      const open = text[offset] === '"' || text[offset] === "'";
      source.problem(
        { offset, length: open ? text.length - offset : 1 },
        open ? 'the text does not end' : 'no such character here',
        {
          expected: open ? `a closing ${text[offset]}` : 'a name, a number, a text in quotes or an operator',
        },
      );
      return [];
    }
    const span = { offset, length: found[0].length };
    offset += found[0].length;
    tokens.push(tokenOf(source, found, span));
  }
  tokens.push({ kind: 'end', offset: text.length, length: 1 });
  return tokens;
}

function tokenOf(source: Source, found: RegExpExecArray, span: Span): Token {
  const [word] = found;
  const first = word[0]!;
  if (first === '"' || first === "'") return { kind: 'text', value: unescaped(word.slice(1, -1)), ...span };
  if (/:.*:|^\d+\.\d+\.\d+\.\d+/.test(word)) {
    const address = parseAddress(word);
    if (address !== undefined) return { kind: 'address', ...address, ...span };
    source.problem(span, 'no such address', { expected: 'an IPv4, IPv6 or MAC address or a prefix' });
    return { kind: 'address', value: '\0\0\0\0', bits: undefined, ...span };
  }
  if (/[A-Za-z_]/.test(first)) return { kind: 'name', name: word, ...span };
  if (/[0-9.]/.test(first)) return numberToken(source, found, span);
  return { kind: 'symbol', name: word, ...span };
}
