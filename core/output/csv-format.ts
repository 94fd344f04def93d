import type { RowFormat } from './row-encoder.ts';
import { bytesOf, specialCharacters, writePlain } from './write-text.ts';

const QUOTE = 34;
/** Signs at the start of a text that make a spreadsheet take it for a formula (OWASP, CSV Injection), as csv-stringify has them. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * Rows as comma-separated values, RFC 4180 with `\n` line ends.
 * @param head the header line with its end; '' for none
 */
export function csvFormat(head: string, columns: number, delimiter: string): RowFormat {
  const special = specialCharacters(`"\r\n${delimiter}`);
  const quotes = specialCharacters('"');
  const [nothing, between] = [bytesOf(''), bytesOf(delimiter)];
  return {
    head: bytesOf(head),
    before: Array.from({ length: columns }, (_, index) => (index === 0 ? nothing : between)),
    end: bytesOf('\n'),
    empty: nothing,
    quote: 0,
    booleans: [bytesOf('0'), bytesOf('1')],
    textBytes: [3, 2],
    writeText(bytes, buffer, at, text) {
      const plain = writePlain(bytes, at, text, special);
      if (plain === text.length) return at + plain;
      if (writePlain(bytes, at + 1, text, quotes) === text.length) {
        bytes[at] = QUOTE;
        bytes[at + text.length + 1] = QUOTE;
        return at + text.length + 2;
      }
      const quoted = text.includes('"') || text.includes(delimiter) || text.includes('\n') || text.includes('\r');
      return at + buffer.write(quoted ? `"${text.replaceAll('"', '""')}"` : text, at);
    },
  };
}

/** The same, but texts that a spreadsheet would take for formulas begin with an apostrophe. */
export function withoutFormulas(format: RowFormat): RowFormat {
  const [perUnit, around] = format.textBytes;
  return {
    ...format,
    textBytes: [perUnit, around + 1],
    writeText: (bytes, buffer, at, text) => format.writeText(bytes, buffer, at, FORMULA.test(text) ? `'${text}` : text),
  };
}
