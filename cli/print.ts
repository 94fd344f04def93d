import { printableLines } from '../core/printable.ts';

/** Prints lines for people on standard output: nothing in them does anything to a terminal. */
export function print(text: string): void {
  process.stdout.write(printableLines(text));
}

/** Prints a value as JSON on standard output: for a terminal with more escapes, which are the same value. */
export function printJson(value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  process.stdout.write(process.stdout.isTTY ? printableLines(text) : text);
}
