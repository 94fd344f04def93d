import type { Column, RowBatch } from '../flow/rows.ts';
import { RowEncoder, type RowFormat } from '../output/row-encoder.ts';
import { bytesOf } from '../output/write-text.ts';

const NOTHING = bytesOf('');

/** Nothing around a value: what a CSV file has, before quoting. */
const FORMAT: RowFormat = {
  head: NOTHING,
  before: [NOTHING],
  end: NOTHING,
  empty: NOTHING,
  quote: 0,
  booleans: [bytesOf('0'), bytesOf('1')],
  textBytes: [3, 0],
  writeText: (_bytes, buffer, at, text) => at + buffer.write(text, at),
};

/** Room of an encoder before it grows. */
const ROOM = 256;

/** The cells of some columns of a row, through the encoder that writes rows: the same digits as in the file. */
export function cellTexts(
  columns: readonly Column[],
  places: readonly number[],
  formatNumber: ((value: number) => string) | undefined,
): (batch: RowBatch, row: number) => string[] {
  const encoders = places.map((place) => new RowEncoder([columns[place]!], FORMAT, formatNumber, ROOM));
  return (batch, row) =>
    places.map((place, i) => {
      const encoder = encoders[i]!;
      const { capacity, moments } = batch;
      encoder.encode({ columns, data: [batch.data[place]!], capacity, moments, count: row + 1 }, row);
      const { bytes, length } = encoder.take();
      return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
    });
}
