import type { Code } from '../expression/code.ts';
import type { Cursor } from './cursor.ts';
import { escapeForJson, escapeForTabs } from './escape.ts';
import type { FrameField } from './frame-fields.ts';
import { putHash, putNumber, putTime } from './put.ts';
import type { RowLayout } from './row.ts';
import { addString, type TextChunk } from './text-chunk.ts';
import { constantCode } from './text-code.ts';

/** Writes texts that may hold anything. Returns the place behind them. */
function addTexts(out: TextChunk, from: number, texts: readonly string[], layout: RowLayout): number {
  const { occurrence, format, aggregator } = layout;
  const chosen = occurrence === 'all' ? texts : [texts.at(occurrence === 'first' ? 0 : -1)!];
  let at = from;
  chosen.forEach((text, i) => {
    if (i > 0) at = addString(out, at, format === 'jsonl' ? ',' : aggregator);
    if (format === 'jsonl') at = addString(out, at, '"');
    const start = at;
    at = addString(out, at, text);
    if (format === 'tsv') at = escapeForTabs(out, start, at);
    if (format === 'jsonl') at = addString(out, escapeForJson(out, start, at), '"');
  });
  return at;
}

/** Statements that write what a frame has besides its layers, and set `count` where there is a value. */
export function ownCode(code: Code, field: FrameField, layout: RowLayout): string {
  const quote = layout.format === 'jsonl' ? constantCode(code, '"') : '';
  switch (field.kind) {
    case 'number':
      return `const value = ${code.call(field.number, 'c')};
if (value === value) { count = 1; o = ${code.call(putNumber, 'to', 'o', 'value')}; }`;
    case 'time': {
      const put = code.call(putTime, 'to', 'o', 'c.seconds', 'c.nanoseconds');
      return `if (${code.call(field.time, 'c')}) { count = 1; o = ${put}; }`;
    }
    case 'text': {
      const add = (out: TextChunk, at: number, texts: readonly string[]) => addTexts(out, at, texts, layout);
      return `const texts = ${code.call(field.texts, 'c')};
count = texts.length;
if (count > 0) { o = ${code.call(add, 'out', 'o', 'texts')}; to = out.bytes; }`;
    }
    case 'protocols': {
      const add = (out: TextChunk, at: number, { frame }: Cursor) => layout.protocols.add(out, at, frame);
      return `count = 1; ${quote} o = ${code.call(add, 'out', 'o', 'c')}; to = out.bytes; ${quote}`;
    }
    case 'flow': {
      const put = code.call(putHash, 'to', 'o', 'c.flowHigh', 'c.flowLow');
      return `if (c.flowHigh >= 0) { count = 1; ${quote} o = ${put}; ${quote} }`;
    }
  }
}
