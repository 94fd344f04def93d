import { exitCodeOf, PacketloomError } from '../core/errors.ts';
import { type Problem, problemsOf, problemText } from '../core/run/problem.ts';

/** Prints one line for people on stderr. */
export function say(line: string): void {
  process.stderr.write(`packetloom: ${line}\n`);
}

/** The part of an expression that is wrong, with a caret under each of its characters. */
function caret({ text, offset = 0, length = 1 }: Problem): string {
  if (text === undefined || text.includes('\n') || text.length > 400) return '';
  const marks = '^'.repeat(Math.max(1, Math.min(length, text.length - offset)));
  return `  "${text}"\n${' '.repeat(offset + 3)}${marks}\n`;
}

/** The error of a call that is wrong. */
export function usageError(message: string): PacketloomError {
  return new PacketloomError('usage', message);
}

/** Prints an error as lines for people and sets the exit code; a stack trace would be a bug. */
export function reportError(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  const problems = problemsOf(error);
  if (problems.length > 0) {
    for (const problem of problems) {
      const what = problem.file !== undefined ? 'configuration: ' : problem.at.startsWith('--') ? 'flows: ' : '';
      say(what + problemText(problem));
      process.stderr.write(caret(problem));
    }
    return;
  }
  if (error instanceof Error && error.name === 'PacketloomError') {
    say(error.message);
    return;
  }
  say(`internal error: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.PACKETLOOM_STACK && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}
