import type { FrameReader } from '../core/declare/source.ts';
import { exitCodeOf, PacketloomError } from '../core/errors.ts';
import { printable, printableLines } from '../core/printable.ts';
import { type Problem, problemsOf, problemText } from '../core/run/problem.ts';

let running = 'flows';

/** Says which command is running: messages about its options begin with its name. */
export function startCommand(name: string): void {
  running = name;
}

/** Prints one line for people on stderr: nothing in it does anything to a terminal. */
export function say(line: string): void {
  process.stderr.write(`packetloom: ${printable(line)}\n`);
}

/** Prints lines for people on stderr, likewise. */
export function tell(text: string): void {
  process.stderr.write(printableLines(text));
}

/** Says which inputs were damaged, a line each; true when any was. */
export function reportDamage(reader: Pick<FrameReader, 'statistics'>): boolean {
  const damaged = reader.statistics().filter((one) => one.damaged !== undefined);
  for (const { name, damaged: fault } of damaged) say(`${name}: damaged at byte ${fault!.offset}: ${fault!.reason}`);
  return damaged.length > 0;
}

/** The part of an expression that is wrong, with a caret under each of its characters. */
function caret({ text, offset = 0, length = 1 }: Problem): string {
  if (text === undefined || text.includes('\n') || text.length > 400) return '';
  const marks = '^'.repeat(Math.max(1, Math.min(length, text.length - offset)));
  return `  "${printable(text)}"\n${' '.repeat(printable(text.slice(0, offset)).length + 3)}${marks}\n`;
}

/** The error of a call that is wrong. */
export function usageError(message: string): PacketloomError {
  return new PacketloomError('usage', message);
}

/** The error of an option or argument of the running command. */
export function optionError(message: string): PacketloomError {
  return usageError(`${running}: ${message}`);
}

/** Prints an error as lines for people and sets the exit code; a stack trace would be a bug. */
export function reportError(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  const problems = problemsOf(error);
  if (problems.length > 0) {
    for (const problem of problems) {
      const what = problem.file !== undefined ? 'configuration: ' : problem.at.startsWith('--') ? `${running}: ` : '';
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
  if (process.env.PACKETLOOM_STACK && error instanceof Error) tell(`${error.stack}\n`);
}
