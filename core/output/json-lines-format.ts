import type { RowFormat } from './row-encoder.ts';
import { bytesOf, specialCharacters, writePlain } from './write-text.ts';

const CONTROL = Array.from({ length: 32 }, (_, unit) => String.fromCharCode(unit)).join('');
const special = specialCharacters(`"\\${CONTROL}`);

/** Rows as one JSON object each, on lines. */
export function jsonLinesFormat(names: readonly string[]): RowFormat {
  return {
    head: bytesOf(''),
    before: names.map((name, index) => bytesOf(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`)),
    end: bytesOf(names.length === 0 ? '{}\n' : '}\n'),
    empty: bytesOf('null'),
    quote: 34,
    booleans: [bytesOf('false'), bytesOf('true')],
    textBytes: [6, 2],
    writeText(bytes, buffer, at, text) {
      bytes[at] = 34;
      if (writePlain(bytes, at + 1, text, special) < text.length) return at + buffer.write(JSON.stringify(text), at);
      bytes[at + 1 + text.length] = 34;
      return at + 2 + text.length;
    },
  };
}
