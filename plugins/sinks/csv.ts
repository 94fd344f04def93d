import { defineSink } from '../../core/declare/sink.ts';
import { withCompressed } from '../../core/output/compression.ts';
import { csvFormat, withoutFormulas } from '../../core/output/csv-format.ts';
import { openRowFile, rowFileProperties } from '../../core/output/row-file.ts';

/** Comma-separated values, RFC 4180 with `\n` line ends; byte for byte what csv-stringify 6 writes. */
export const csv = defineSink({
  name: 'csv',
  description: 'Comma-separated values with a header line (RFC 4180, UTF-8, line feeds); a .tsv file has tabs',
  extensions: withCompressed(['.csv', '.tsv']),
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
      formulas: {
        enum: ['keep', 'escape'],
        default: 'keep',
        description: 'Texts that a spreadsheet would take for formulas: as they are, or with an apostrophe before them',
      },
      ...rowFileProperties,
    },
    additionalProperties: false,
  },
  async open(target, columns, options, context) {
    const delimiter = (options.delimiter as string | undefined) ?? (/\.tsv(?:\.gz|\.zst)?$/.test(target) ? '\t' : ',');
    // Loaded here: every start of the program would pay for it.
    const { stringify } = await import('csv-stringify/sync');
    const names = columns.map(({ name }) => name);
    const head = options.header === false ? '' : stringify([names], { delimiter });
    const plain = csvFormat(head, columns.length, delimiter);
    const format = options.formulas === 'escape' ? withoutFormulas(plain) : plain;
    return openRowFile('csv', target, columns, format, options, context);
  },
});
