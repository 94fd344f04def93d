/**
 * A sink of one's own: rows as a Markdown table, for reports.
 *
 *     packetloom flows capture.pcap --plugin examples/markdown-sink.ts -o flows.md
 */
import { type FileHandle, open } from 'node:fs/promises';
import { definePlugin, defineSink, type RowBatch, type RowWriter, rowTexts } from 'packetloom/plugin';

class MarkdownTable implements RowWriter {
  rows = 0;
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(batch: RowBatch): Promise<void> {
    const lines: string[] = [];
    for (let row = 0; row < batch.count; row += 1) {
      lines.push(
        `| ${rowTexts(batch, row)
          .map((text) => text.replaceAll('|', '\\|'))
          .join(' | ')} |\n`,
      );
    }
    await this.#file.write(lines.join(''));
    this.rows += batch.count;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  abort(): Promise<void> {
    return this.#file.close();
  }
}

const markdown = defineSink({
  name: 'markdown',
  description: 'Rows as a Markdown table',
  extensions: ['.md'],
  async open(target, columns) {
    const file = await open(target, 'w');
    await file.write(`| ${columns.map(({ name }) => name).join(' | ')} |\n|${' --- |'.repeat(columns.length)}\n`);
    return new MarkdownTable(file);
  },
});

export default definePlugin({ name: 'markdown-sink', sinks: [markdown] });
