import { bothCases, CLASSES, others } from './regex-ranges.ts';

/** What is wrong with a pattern. */
export class RegexProblem extends Error {}

/** One thing to match: a letter out of ranges (pairs of first and last), a group, or a place. */
export type Atom =
  | { readonly kind: 'letter'; readonly ranges: readonly number[] }
  | { readonly kind: 'group'; readonly tree: Alternatives }
  | { readonly kind: 'assertion'; readonly what: 0 | 1 | 2 | 3 };

/** Alternatives of sequences of repeated atoms. */
export type Alternatives = readonly (readonly {
  readonly atom: Atom;
  readonly least: number;
  readonly most: number;
}[])[];

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };
/** Deepest nesting of groups. */
const MAXIMUM_DEPTH = 100;

class RegexParser {
  readonly #letters: readonly string[];
  #place = 0;
  #depth = 0;
  #anyCase = false;

  constructor(pattern: string) {
    this.#letters = Array.from(pattern);
  }

  whole(): Alternatives {
    if (this.#letters.slice(0, 4).join('') === '(?i)') {
      this.#anyCase = true;
      this.#place = 4;
    }
    const tree = this.#alternatives();
    if (this.#place < this.#letters.length) throw this.#problem('")" without "("');
    return tree;
  }

  #problem(message: string): RegexProblem {
    return new RegexProblem(`in the pattern, place ${this.#place}: ${message}`);
  }

  #take(letter: string): boolean {
    if (this.#letters[this.#place] !== letter) return false;
    this.#place += 1;
    return true;
  }

  #alternatives(): Alternatives {
    this.#depth += 1;
    if (this.#depth > MAXIMUM_DEPTH) throw this.#problem('nested too deep');
    const out = [this.#sequence()];
    while (this.#take('|')) out.push(this.#sequence());
    this.#depth -= 1;
    return out;
  }

  #sequence(): { atom: Atom; least: number; most: number }[] {
    const out = [];
    for (;;) {
      const letter = this.#letters[this.#place];
      if (letter === undefined || letter === '|' || letter === ')') return out;
      const atom = this.#atom();
      const [least, most] = this.#quantifier();
      if (most !== 1 && atom.kind === 'assertion') throw this.#problem('a place cannot be repeated');
      out.push({ atom, least, most });
    }
  }

  #quantifier(): [number, number] {
    let found: [number, number] = [1, 1];
    if (this.#take('*')) found = [0, Number.POSITIVE_INFINITY];
    else if (this.#take('+')) found = [1, Number.POSITIVE_INFINITY];
    else if (this.#take('?')) found = [0, 1];
    else {
      const braces = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(this.#letters.slice(this.#place, this.#place + 12).join(''));
      if (braces === null) return found;
      this.#place += braces[0].length;
      const least = Number(braces[1]);
      found = [
        least,
        braces[2] === undefined ? least : braces[3] === undefined ? Number.POSITIVE_INFINITY : Number(braces[3]),
      ];
      if (found[1] < least) throw this.#problem(`{${least},${found[1]}} is the wrong way round`);
    }
    this.#take('?');
    if ('*+?'.includes(this.#letters[this.#place] ?? ' ')) throw this.#problem('nothing to repeat');
    return found;
  }

  #atom(): Atom {
    const letter = this.#letters[this.#place]!;
    this.#place += 1;
    if (letter === '(') return this.#group();
    if (letter === '[') return this.#class();
    if (letter === '.') return { kind: 'letter', ranges: others([10, 10, 13, 13, 0x2028, 0x2029]) };
    if (letter === '^') return { kind: 'assertion', what: 0 };
    if (letter === '$') return { kind: 'assertion', what: 1 };
    if ('*+?'.includes(letter)) throw this.#problem('nothing to repeat');
    if (letter !== '\\') return this.#letter([letter.codePointAt(0)!, letter.codePointAt(0)!]);
    const escaped = this.#letters[this.#place];
    if (escaped === 'b' || escaped === 'B') {
      this.#place += 1;
      return { kind: 'assertion', what: escaped === 'b' ? 2 : 3 };
    }
    return this.#letter(this.#escape());
  }

  #letter(ranges: readonly number[]): Atom {
    return { kind: 'letter', ranges: this.#anyCase ? bothCases(ranges) : ranges };
  }

  #group(): Atom {
    if (this.#take('?') && !this.#take(':'))
      throw this.#problem('look-around, names and flags of groups are not possible');
    const tree = this.#alternatives();
    if (!this.#take(')')) throw this.#problem('")" is missing');
    return { kind: 'group', tree };
  }

  #escape(): readonly number[] {
    const letter = this.#letters[this.#place];
    if (letter === undefined) throw this.#problem('"\\" at the end');
    this.#place += 1;
    if (Object.hasOwn(CLASSES, letter)) return CLASSES[letter]!;
    if (Object.hasOwn(ESCAPES, letter)) return [ESCAPES[letter]!, ESCAPES[letter]!];
    if (letter === 'x' || letter === 'u') {
      const digits = this.#letters.slice(this.#place, this.#place + (letter === 'x' ? 2 : 4)).join('');
      if (!/^([0-9a-f]{2}|[0-9a-f]{4})$/i.test(digits)) throw this.#problem(`"\\${letter}" needs hexadecimal digits`);
      this.#place += digits.length;
      return [Number.parseInt(digits, 16), Number.parseInt(digits, 16)];
    }
    if (/[A-Za-z0-9]/.test(letter)) throw this.#problem(`"\\${letter}" is not possible`);
    return [letter.codePointAt(0)!, letter.codePointAt(0)!];
  }

  #class(): Atom {
    const negated = this.#take('^');
    let ranges: number[] = [];
    for (;;) {
      const letter = this.#letters[this.#place];
      if (letter === undefined) throw this.#problem('"]" is missing');
      if (letter === ']') break;
      const from = this.#one();
      if (
        from.length === 2 &&
        from[0] === from[1] &&
        this.#letters[this.#place] === '-' &&
        this.#letters[this.#place + 1] !== ']'
      ) {
        this.#place += 1;
        if (this.#letters[this.#place] === undefined) throw this.#problem('"]" is missing');
        const to = this.#one();
        if (to.length !== 2 || to[0] !== to[1] || to[0]! < from[0]!) throw this.#problem('no range');
        ranges.push(from[0]!, to[0]!);
      } else ranges.push(...from);
    }
    this.#place += 1;
    if (this.#anyCase) ranges = [...bothCases(ranges)];
    return { kind: 'letter', ranges: negated ? others(ranges) : ranges };
  }

  #one(): readonly number[] {
    const letter = this.#letters[this.#place]!;
    this.#place += 1;
    if (letter !== '\\') return [letter.codePointAt(0)!, letter.codePointAt(0)!];
    if (this.#take('b')) return [8, 8];
    return this.#escape();
  }
}

/** Reads a pattern. @throws RegexProblem where it is not understood. */
export function parseRegex(pattern: string): Alternatives {
  return new RegexParser(pattern).whole();
}
