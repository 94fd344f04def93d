import { printableLines } from '../printable.ts';
import type { RowChunk } from './row-chunk.ts';

/**
 * Rows for somebody who looks at a terminal: what it would obey is escaped. A line break within a row (in a quoted value)
 * is escaped too, so that no value looks like a row.
 */
export function forTerminal({ buffer, length, rowEnds, rowCount }: RowChunk): { bytes: Uint8Array; length: number } {
  const rows: string[] = [];
  let from = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const end = rowEnds[row]!;
    rows.push(rowText(buffer.toString('utf8', from, end)));
    from = end;
  }
  // Text that does not come in rows has line breaks of its own.
  rows.push(printableLines(buffer.toString('utf8', from, length)));
  const bytes = Buffer.from(rows.join(''));
  return { bytes, length: bytes.length };
}

function rowText(text: string): string {
  const ends = text.endsWith('\n');
  const row = ends ? text.slice(0, -1) : text;
  return printableLines(row).replaceAll('\n', '\\n') + (ends ? '\n' : '');
}
