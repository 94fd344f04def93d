import { defineSink } from '../../core/declare/sink.ts';
import { withCompressed } from '../../core/output/compression.ts';
import { jsonLinesFormat } from '../../core/output/json-lines-format.ts';
import { openRowFile, rowFileProperties } from '../../core/output/row-file.ts';

/** JSON lines: one object a row, typed. Times are numbers with nine decimals, exact as text. */
export const jsonl = defineSink({
  name: 'jsonl',
  description: 'JSON lines: one typed object a row, empty values as null',
  extensions: withCompressed(['.jsonl', '.ndjson']),
  options: { type: 'object', properties: rowFileProperties, additionalProperties: false },
  open(target, columns, options, context) {
    const names = columns.map(({ name }) => name);
    return openRowFile('jsonl', target, columns, jsonLinesFormat(names), options, context);
  },
});
