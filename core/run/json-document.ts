import { type Position, positionOf, SyntaxProblem } from './text-position.ts';

/** Where a value of a JSON text stands: offsets of its first character and behind its last. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
  /** Offset of the key that leads to it, in an object. */
  readonly key: number | undefined;
}

/** A JSON text, its value, and where in the text each part of the value stands. */
export interface JsonDocument {
  readonly text: string;
  readonly value: unknown;
  /** By JSON pointer (RFC 6901); the whole value has the empty pointer. */
  readonly places: ReadonlyMap<string, JsonPlace>;
  /** Keys that stand twice in one object: pointer and the offset of the second. */
  readonly duplicates: readonly { readonly pointer: string; readonly offset: number }[];
}

const MAXIMUM_DEPTH = 100;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** A pointer's step for a key. */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Reads JSON (RFC 8259) and remembers places; one reader a text. */
class JsonReader {
  readonly places = new Map<string, JsonPlace>();
  readonly duplicates: { pointer: string; offset: number }[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1; // byte order mark
  }

  document(): unknown {
    const value = this.#value('', undefined);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('nothing more behind the value');
    return value;
  }

  #fail(expected: string): never {
    throw new SyntaxProblem(expected, this.#at, this.#text);
  }

  #space(): void {
    while (/^[ \t\r\n]$/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #value(pointer: string, key: number | undefined): unknown {
    this.#space();
    const start = this.#at;
    const value = this.#bare(pointer);
    this.places.set(pointer, { start, end: this.#at, key });
    return value;
  }

  #bare(pointer: string): unknown {
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first !== '{' && first !== '[') return this.#word();
    this.#depth += 1;
    if (this.#depth > MAXIMUM_DEPTH) this.#fail(`at most ${MAXIMUM_DEPTH} levels`);
    const value = first === '{' ? this.#object(pointer) : this.#array(pointer);
    this.#depth -= 1;
    return value;
  }

  #word(): unknown {
    const match = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/.exec(
      this.#text.slice(this.#at, this.#at + 400),
    );
    if (match === null) this.#fail('a value');
    this.#at += match[0].length;
    return JSON.parse(match[0]);
  }

  #object(pointer: string): unknown {
    const value: Record<string, unknown> = {};
    this.#at += 1;
    for (let first = true; ; first = false) {
      this.#space();
      if (first && this.#text[this.#at] === '}') break;
      const keyAt = this.#at;
      if (this.#text[this.#at] !== '"') this.#fail(first ? 'a key in double quotes or "}"' : 'a key in double quotes');
      const key = this.#string();
      const inner = pointer + pointerStep(key);
      if (Object.hasOwn(value, key)) this.duplicates.push({ pointer: inner, offset: keyAt });
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail('":"');
      this.#at += 1;
      const item = this.#value(inner, keyAt);
      // Not an assignment: "__proto__" is a key like any other.
      Object.defineProperty(value, key, { value: item, enumerable: true, configurable: true, writable: true });
      this.#space();
      if (this.#text[this.#at] === '}') break;
      if (this.#text[this.#at] !== ',') this.#fail('"," or "}"');
      this.#at += 1;
    }
    this.#at += 1;
    return value;
  }

  #array(pointer: string): unknown {
    const value: unknown[] = [];
    this.#at += 1;
    for (let first = true; ; first = false) {
      this.#space();
      if (first && this.#text[this.#at] === ']') break;
      value.push(this.#value(pointer + pointerStep(value.length), undefined));
      this.#space();
      if (this.#text[this.#at] === ']') break;
      if (this.#text[this.#at] !== ',') this.#fail('"," or "]"');
      this.#at += 1;
    }
    this.#at += 1;
    return value;
  }

  #string(): string {
    let value = '';
    for (this.#at += 1; ; ) {
      const one = this.#text[this.#at];
      if (one === '"') break;
      if (one === undefined || one < ' ') this.#fail('the closing double quote of a text');
      const { piece, size } = stringPiece(this.#text, this.#at);
      if (size === 0) this.#fail('an escape such as \\n or \\u00e9');
      value += piece;
      this.#at += size;
    }
    this.#at += 1;
    return value;
  }
}

/** The character at `at` inside a JSON text, and how many characters its spelling takes; 0 for a wrong escape. */
function stringPiece(text: string, at: number): { readonly piece: string; readonly size: number } {
  if (text[at] !== '\\') return { piece: text[at]!, size: 1 };
  const letter = text[at + 1] ?? '';
  if (letter !== 'u') return letter in ESCAPES ? { piece: ESCAPES[letter]!, size: 2 } : { piece: '', size: 0 };
  const digits = text.slice(at + 2, at + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) return { piece: '', size: 0 };
  return { piece: String.fromCharCode(Number.parseInt(digits, 16)), size: 6 };
}

/**
 * Reads a JSON text and remembers where everything stands.
 * @throws SyntaxProblem with the place and what was expected there.
 */
export function parseJson(text: string): JsonDocument {
  const reader = new JsonReader(text);
  const value = reader.document();
  return { text, value, places: reader.places, duplicates: reader.duplicates };
}

/** Line and column of a value, or of the character `inside` a text value, counted from 0. */
export function placeInDocument(document: JsonDocument, pointer: string, inside?: number): Position {
  const { text, places } = document;
  let place = places.get(pointer);
  for (let outer = pointer; place === undefined && outer !== ''; ) {
    outer = outer.slice(0, outer.lastIndexOf('/'));
    place = places.get(outer);
  }
  let at = place?.start ?? 0;
  if (inside !== undefined && text[at] === '"') {
    at += 1;
    for (let i = 0; i < inside; i += 1) at += stringPiece(text, at).size || 1;
  }
  return positionOf(text, at);
}
