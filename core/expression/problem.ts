import { PacketloomError } from '../errors.ts';

/** One thing that is wrong with an expression or a request for a feature. */
export interface Problem {
  /** Where the text stands: `features[3].value`, `--where`. */
  readonly at: string;
  /** The text itself. */
  readonly text: string;
  /** First character concerned, from 0, and how many. */
  readonly offset: number;
  readonly length: number;
  /** What is wrong. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** The nearest right name. */
  readonly suggestion?: string;
}

/**
 * A problem as two lines: the place with the text, and carets under what is wrong.
 *
 *     features[3].value: "mean(frame.lenn, forward)"
 *                              ^^^^^^^^^^ no such field; did you mean frame.len?
 */
export function renderProblem(problem: Problem): string {
  const shown = problem.text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
  const before = `${problem.at}: "`;
  const carets = ' '.repeat(before.length + problem.offset) + '^'.repeat(Math.max(1, problem.length));
  return `${before}${shown}"\n${carets} ${explain(problem)}`;
}

/** The sentence of a problem, without its place. */
export function explain({ message, expected, suggestion }: Problem): string {
  if (suggestion !== undefined) return `${message}; did you mean ${suggestion}?`;
  return expected === undefined ? message : `${message}; expected ${expected}`;
}

/** Every problem of all expressions of a run, thrown together. Its code is `expression`. */
export class ExpressionError extends PacketloomError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('expression', problems.map(renderProblem).join('\n'));
    this.problems = problems;
  }
}

/** Takes problems while several texts are parsed and checked. */
export class Problems {
  readonly list: Problem[] = [];

  /** @throws ExpressionError when there is any. */
  throwIfAny(): void {
    if (this.list.length > 0) throw new ExpressionError(this.list);
  }
}

/** One text with its place, and where its problems go. */
export class Source {
  readonly at: string;
  readonly text: string;
  readonly problems: Problems;

  constructor(at: string, text: string, problems: Problems) {
    this.at = at;
    this.text = text;
    this.problems = problems;
  }

  problem(span: Span, message: string, rest: Pick<Problem, 'expected' | 'suggestion'> = {}): void {
    this.problems.list.push({
      at: this.at,
      text: this.text,
      offset: span.offset,
      length: span.length,
      message,
      ...rest,
    });
  }
}

/** A stretch of a text. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** From the start of one stretch to the end of another. */
export const spanTo = (from: Span, to: Span): Span => ({
  offset: from.offset,
  length: to.offset + to.length - from.offset,
});
