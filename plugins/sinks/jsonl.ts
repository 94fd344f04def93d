import { defineSink } from '../../core/declare/sink.ts';
import type { RowFormat } from '../../core/run/row-encoder.ts';
import { openRowFile } from '../../core/run/row-file.ts';
import { bytesOf, specialCharacters, writePlain } from '../../core/run/write-text.ts';

const CONTROL = Array.from({ length: 32 }, (_, unit) => String.fromCharCode(unit)).join('');
const special = specialCharacters(`"\\${CONTROL}`);

/** JSON lines: one object a row, typed. Times are numbers with nine decimals, exact as text. */
export const jsonl = defineSink({
  name: 'jsonl',
  description: 'JSON lines: one typed object a row, empty values as null',
  extensions: ['.jsonl', '.ndjson'],
  open(target, columns, _options, context) {
    const names = columns.map(({ name }) => name);
    return openRowFile('jsonl', target, columns, formatOf(names), context);
  },
});

function formatOf(names: readonly string[]): RowFormat {
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
