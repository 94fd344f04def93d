import { defineSink } from '../../core/declare/sink.ts';
import type { RowFormat } from '../../core/run/row-encoder.ts';
import { openRowFile } from '../../core/run/row-file.ts';
import { bytesOf, specialCharacters, writePlain } from '../../core/run/write-text.ts';

/** Comma-separated values, RFC 4180 with `\n` line ends; byte for byte what csv-stringify 6 writes. */
export const csv = defineSink({
  name: 'csv',
  description: 'Comma-separated values with a header line (RFC 4180, UTF-8, line feeds); a .tsv file has tabs',
  extensions: ['.csv', '.tsv'],
  options: {
    type: 'object',
    properties: {
      delimiter: {
        type: 'string',
        // Neither a quote nor anything that stands in a number, time, address or hash: those are never quoted.
        pattern: '^[\\t !#-*,/;-@[-`{-~]$',
        description: 'One sign, space or tab between values; a comma, or a tab where the file name ends in .tsv',
      },
      header: { type: 'boolean', default: true, description: 'Begin with the names of the columns' },
    },
    additionalProperties: false,
  },
  async open(target, columns, options, context) {
    const delimiter = (options.delimiter as string | undefined) ?? (target.endsWith('.tsv') ? '\t' : ',');
    // Loaded here: every start of the program would pay for it.
    const { stringify } = await import('csv-stringify/sync');
    const names = columns.map(({ name }) => name);
    const head = options.header === false ? '' : stringify([names], { delimiter });
    return openRowFile('csv', target, columns, formatOf(head, columns.length, delimiter), context);
  },
});

const QUOTE = 34;

function formatOf(head: string, columns: number, delimiter: string): RowFormat {
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
