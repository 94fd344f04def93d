import { type ErrorCode, PacketloomError } from '../errors.ts';

/** One fault in what a user wrote, with its place. */
export interface Problem {
  /** Place in the configuration (`features[3].value`) or the option that said it (`--feature g`). */
  readonly at: string;
  /** JSON pointer of that place. */
  readonly pointer?: string | undefined;
  /** What is wrong. */
  readonly message: string;
  readonly expected?: string | undefined;
  /** The nearest right word. */
  readonly suggestion?: string | undefined;
  /** The configuration file, and where in it (from 1). */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The text at fault and the part of it that is wrong, for expressions. */
  readonly text?: string | undefined;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
}

/** An error with all problems of a configuration. */
export type ProblemError = PacketloomError & { readonly problems: readonly Problem[] };

/** One line for a problem: `file:line:column: place: "part": what; expected ...; did you mean ...?` */
export function problemText(problem: Problem): string {
  const { file, line, column, at, text, offset = 0, length = 0, message, expected, suggestion } = problem;
  const where = [
    file === undefined ? [] : line === undefined ? file : `${file}:${line}:${column}`,
    at === '' ? [] : at,
    text === undefined || length === 0 ? [] : JSON.stringify(text.slice(offset, offset + length)),
  ];
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  const wanted = expected === undefined || expected === '' ? '' : `; expected ${expected}`;
  return [...where.flat(), `${message}${wanted}${hint}`].join(': ');
}

/** The error for one or several problems; its message has one line for each. */
export function problemError(code: ErrorCode, problems: readonly Problem[], cause?: unknown): ProblemError {
  const error = new PacketloomError(code, problems.map(problemText).join('\n'), cause === undefined ? {} : { cause });
  return Object.assign(error, { problems });
}

/** The problems that an error carries; none for any other error. */
export function problemsOf(error: unknown): readonly Problem[] {
  const { problems } = (error ?? {}) as { problems?: unknown };
  return Array.isArray(problems) ? problems : [];
}
