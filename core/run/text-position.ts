/** A place in a text, for people: both count from 1, a column is one UTF-16 unit. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset in a text. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\n|\r/);
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** A text does not follow its grammar. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly position: Position;
  readonly expected: string;

  constructor(expected: string, offset: number, text: string) {
    const found = text[offset];
    super(`expected ${expected}, found ${found === undefined ? 'the end of the file' : JSON.stringify(found)}`);
    this.expected = expected;
    this.position = positionOf(text, offset);
  }
}
