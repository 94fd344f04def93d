import { type Alternatives, parseRegex, RegexProblem } from './regex-parse.ts';

export { RegexProblem };

/** Most instructions of a compiled pattern: its time per letter is bounded by it. */
export const MAXIMUM_INSTRUCTIONS = 2000;

const LETTER = 0; // one letter out of the ranges at `x`
const SPLIT = 1; // goes on at `x` and at `y`
const JUMP = 2; // goes on at `x`
const ASSERT = 3; // goes on when the place fulfils `x`: 0 start, 1 end, 2 word boundary, 3 none
const MATCH = 4;

/**
 * A pattern as a small machine without backtracking (Thompson 1968, Pike): the time is at most the letters of the text
 * times the instructions of the pattern, whatever both are.
 */
export class Regex {
  readonly pattern: string;
  readonly #operations: number[] = [];
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #ranges: (readonly number[])[] = [];
  readonly #now: Int32Array;
  readonly #next: Int32Array;
  readonly #seen: Int32Array;
  readonly #stack: Int32Array;
  #mark = 0;
  #steps = 0;

  constructor(pattern: string, tree: Alternatives) {
    this.pattern = pattern;
    this.#compile(tree);
    this.#emit(MATCH, 0, 0);
    const size = this.#operations.length;
    this.#now = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#seen = new Int32Array(size);
    this.#stack = new Int32Array(2 * size + 2);
  }

  #emit(operation: number, x: number, y: number): number {
    if (this.#operations.length >= MAXIMUM_INSTRUCTIONS) {
      throw new RegexProblem(`the pattern is too large: more than ${MAXIMUM_INSTRUCTIONS} steps`);
    }
    this.#operations.push(operation);
    this.#x.push(x);
    this.#y.push(y);
    return this.#operations.length - 1;
  }

  #compile(tree: Alternatives): void {
    const ends: number[] = [];
    for (const [index, sequence] of tree.entries()) {
      const split = index + 1 < tree.length ? this.#emit(SPLIT, 0, 0) : -1;
      if (split >= 0) this.#x[split] = split + 1;
      for (const { atom, least, most } of sequence) this.#repeat(atom, least, most);
      if (split >= 0) {
        ends.push(this.#emit(JUMP, 0, 0));
        this.#y[split] = this.#operations.length;
      }
    }
    for (const end of ends) this.#x[end] = this.#operations.length;
  }

  #atom(atom: Alternatives[number][number]['atom']): void {
    this.#steps += 1;
    if (this.#steps > 10 * MAXIMUM_INSTRUCTIONS) throw new RegexProblem('the pattern is too large'); // ((){999}){999}
    if (atom.kind === 'group') this.#compile(atom.tree);
    else if (atom.kind === 'assertion') this.#emit(ASSERT, atom.what, 0);
    else this.#emit(LETTER, this.#ranges.push(atom.ranges) - 1, 0);
  }

  #repeat(atom: Alternatives[number][number]['atom'], least: number, most: number): void {
    for (let i = 0; i < least; i += 1) this.#atom(atom);
    if (most === Number.POSITIVE_INFINITY) {
      const split = this.#emit(SPLIT, 0, 0);
      this.#x[split] = split + 1;
      this.#atom(atom);
      this.#emit(JUMP, split, 0);
      this.#y[split] = this.#operations.length;
      return;
    }
    const splits: number[] = [];
    for (let i = least; i < most; i += 1) {
      const split = this.#emit(SPLIT, 0, 0);
      this.#x[split] = split + 1;
      splits.push(split);
      this.#atom(atom);
    }
    for (const split of splits) this.#y[split] = this.#operations.length;
  }

  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean {
    const now = this.#now;
    const next = this.#next;
    let count = 0;
    const { length } = text;
    let before = -1;
    for (let place = 0; ; ) {
      const letter = place < length ? text.codePointAt(place)! : -1;
      this.#mark += 1;
      // The threads that came here first, then one that begins here.
      let filled = 0;
      for (let i = 0; i <= count; i += 1) {
        filled = this.#follow(i < count ? now[i]! : 0, before, letter, next, filled);
        if (filled < 0) return true;
      }
      if (letter < 0) return false;
      count = 0;
      for (let i = 0; i < filled; i += 1) {
        const at = next[i]!;
        if (inRanges(this.#ranges[this.#x[at]!]!, letter)) {
          now[count] = at + 1;
          count += 1;
        }
      }
      before = letter;
      place += letter > 0xffff ? 2 : 1;
    }
  }

  /** Adds the letters that can be read after `from`; -1 when the pattern has matched. */
  #follow(from: number, before: number, after: number, out: Int32Array, filled: number): number {
    const stack = this.#stack;
    let count = filled;
    stack[0] = from;
    for (let depth = 1; depth > 0; ) {
      depth -= 1;
      const at = stack[depth]!;
      if (this.#seen[at] === this.#mark) continue;
      this.#seen[at] = this.#mark;
      const operation = this.#operations[at]!;
      if (operation === MATCH) return -1;
      if (operation === LETTER) {
        out[count] = at;
        count += 1;
      } else if (operation === SPLIT) {
        stack[depth] = this.#x[at]!;
        stack[depth + 1] = this.#y[at]!;
        depth += 2;
      } else if (operation === JUMP) {
        stack[depth] = this.#x[at]!;
        depth += 1;
      } else if (holds(this.#x[at]!, before, after)) {
        stack[depth] = at + 1;
        depth += 1;
      }
    }
    return count;
  }
}

function holds(what: number, before: number, after: number): boolean {
  if (what === 0) return before < 0;
  if (what === 1) return after < 0;
  return (isWord(before) !== isWord(after)) === (what === 2);
}

const isWord = (letter: number): boolean =>
  (letter >= 48 && letter <= 57) || (letter >= 65 && letter <= 90) || letter === 95 || (letter >= 97 && letter <= 122);

function inRanges(ranges: readonly number[], letter: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (letter >= ranges[i]! && letter <= ranges[i + 1]!) return true;
  return false;
}

/**
 * Compiles a pattern: letters, `.`, classes, `\d \w \s \b` and their opposites, `^ $`, groups, `|`, `* + ? {m,n}`, and
 * `(?i)` at the start. Greedy and lazy are the same, because only whether it matches is asked.
 * @throws RegexProblem for anything else (back references and look-around need more than linear time) or a pattern that is too large.
 */
export function compileRegex(pattern: string): Regex {
  return new Regex(pattern, parseRegex(pattern));
}
