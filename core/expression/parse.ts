import { type Source, type Span, spanTo } from './problem.ts';
import { type BinaryOperator, COMPARISON, NOT, PRECEDENCE, SIGN, type Syntax } from './syntax.ts';
import { type Token, tokenize } from './tokens.ts';

/** Longest text and deepest nesting that is read, far above what a person writes. */
export const MAXIMUM_TEXT = 20_000;
export const MAXIMUM_DEPTH = 200;
/** Most operators of one expression: a tree that is walked by recursion, and one function of generated code. */
export const MAXIMUM_OPERATORS = 1000;

/** What to write instead of an operator of other languages. */
const FOREIGN: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not', '=': '==', '~': 'matches' };

/** Ends the parsing of one text after its first problem. */
const STOP = Symbol('stop');

/** The syntax tree of an expression, or undefined when it has a problem (which the source then holds). */
export function parse(source: Source): Syntax | undefined {
  if (source.text.length > MAXIMUM_TEXT) {
    source.problem({ offset: MAXIMUM_TEXT, length: 1 }, `longer than ${MAXIMUM_TEXT} characters`);
    return undefined;
  }
  const tokens = tokenize(source);
  if (tokens.length === 0) return undefined;
  try {
    return new Parser(source, tokens).whole();
  } catch (error) {
    if (error === STOP) return undefined;
    throw error;
  }
}

class Parser {
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  #place = 0;
  #depth = 0;
  #operators = 0;

  constructor(source: Source, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  whole(): Syntax {
    const tree = this.#expression(0);
    if (this.#token.kind !== 'end') this.#unexpected('an operator or the end');
    return tree;
  }

  get #token(): Token {
    return this.#tokens[this.#place]!;
  }

  #fail(span: Span, message: string, rest: { expected?: string; suggestion?: string } = {}): never {
    this.#source.problem(span, message, rest);
    throw STOP;
  }

  #unexpected(expected: string): never {
    const token = this.#token;
    if (token.kind === 'end') this.#fail(token, 'the expression ends here', { expected });
    if (token.kind === 'symbol' && Object.hasOwn(FOREIGN, token.name)) {
      this.#fail(token, `no such operator "${token.name}"`, { suggestion: FOREIGN[token.name]! });
    }
    return this.#fail(token, `not possible here`, { expected });
  }

  #symbol(name: string): Token | undefined {
    const token = this.#token;
    if (token.kind !== 'symbol' || token.name !== name) return undefined;
    this.#place += 1;
    return token;
  }

  #operator(): { operator: BinaryOperator; span: Span; negated: boolean; words: number } | undefined {
    const token = this.#token;
    if (token.kind !== 'symbol' && token.kind !== 'name') return undefined;
    const { name } = token;
    if (name === 'not') {
      const next = this.#tokens[this.#place + 1];
      if (next?.kind === 'name' && (next.name === 'in' || next.name === 'contains' || next.name === 'matches')) {
        return { operator: next.name, span: spanTo(token, next), negated: true, words: 2 };
      }
      return undefined;
    }
    return Object.hasOwn(PRECEDENCE, name)
      ? { operator: name as BinaryOperator, span: token, negated: false, words: 1 }
      : undefined;
  }

  #expression(least: number): Syntax {
    this.#depth += 1;
    if (this.#depth > MAXIMUM_DEPTH) this.#fail(this.#token, `nested deeper than ${MAXIMUM_DEPTH} levels`);
    let left = this.#operand();
    for (let found = this.#operator(); found !== undefined; found = this.#operator()) {
      const { operator, span, negated, words } = found;
      const precedence = PRECEDENCE[operator];
      if (precedence < least) break;
      this.#place += words;
      this.#operators += 1;
      if (this.#operators > MAXIMUM_OPERATORS) this.#fail(span, `more than ${MAXIMUM_OPERATORS} operators`);
      const right = this.#expression(precedence + 1);
      left = { kind: 'binary', operator, operatorSpan: span, left, right, ...spanTo(left, right) };
      if (negated) left = { kind: 'unary', operator: 'not', operand: left, offset: left.offset, length: left.length };
      const next = precedence === COMPARISON ? this.#operator() : undefined;
      if (next !== undefined && PRECEDENCE[next.operator] === COMPARISON) {
        this.#fail(next.span, 'comparisons do not chain', { expected: 'and, or or brackets between them' });
      }
    }
    this.#depth -= 1;
    return left;
  }

  #operand(): Syntax {
    const token = this.#token;
    if (token.kind === 'name' && token.name === 'not') {
      this.#place += 1;
      const operand = this.#expression(NOT);
      return { kind: 'unary', operator: 'not', operand, ...spanTo(token, operand) };
    }
    if (this.#symbol('-') !== undefined) {
      const operand = this.#expression(SIGN);
      if (operand.kind === 'number') return { ...operand, value: -operand.value, ...spanTo(token, operand) };
      return { kind: 'unary', operator: '-', operand, ...spanTo(token, operand) };
    }
    if (this.#symbol('(') !== undefined) {
      const inner = this.#expression(0);
      const close = this.#symbol(')') ?? this.#unexpected(')');
      return { ...inner, ...spanTo(token, close) };
    }
    if (this.#symbol('{') !== undefined) {
      const { items, close } = this.#list('}');
      return { kind: 'set', items, ...spanTo(token, close) };
    }
    if (token.kind === 'end' || token.kind === 'symbol') return this.#unexpected('a value');
    if (token.kind === 'name') return this.#named(token);
    this.#place += 1;
    return token;
  }

  #named(token: Token & { readonly kind: 'name' }): Syntax {
    if (Object.hasOwn(PRECEDENCE, token.name)) return this.#unexpected('a value');
    this.#place += 1;
    if (token.name === 'true' || token.name === 'false') {
      return { kind: 'boolean', value: token.name === 'true', offset: token.offset, length: token.length };
    }
    if (this.#symbol('(') !== undefined) {
      const { items, close } = this.#list(')');
      const nameSpan = { offset: token.offset, length: token.length };
      return { kind: 'call', name: token.name, nameSpan, args: items, ...spanTo(token, close) };
    }
    if (this.#symbol('#') === undefined) return { ...token, occurrence: undefined };
    const sign = this.#symbol('-') === undefined ? 1 : -1;
    const number = this.#token;
    if (number.kind !== 'number' || number.unit !== 'none' || !(number.value >= 1) || !Number.isInteger(number.value)) {
      return this.#unexpected('the number of an occurrence: 1 is the first, -1 the last');
    }
    this.#place += 1;
    return { ...token, occurrence: sign * number.value, ...spanTo(token, number) };
  }

  #list(closing: string): { items: Syntax[]; close: Span } {
    const items: Syntax[] = [];
    let close: Span | undefined = this.#symbol(closing);
    while (close === undefined) {
      items.push(this.#expression(0));
      close = this.#symbol(closing);
      if (close === undefined && this.#symbol(',') === undefined) this.#unexpected(`"," or "${closing}"`);
    }
    return { items, close };
  }
}
