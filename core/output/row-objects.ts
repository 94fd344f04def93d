import type { Column, ColumnData, RowBatch } from '../flow/rows.ts';
import { timeText } from '../run/time-span.ts';
import { formatDecimals, formatNumber } from './format-number.ts';
import { ADDRESS_BYTES, writeHash, writeIpv4, writeIpv6 } from './write-address.ts';

/** One value of a row; null is empty. */
export type FlowValue = number | string | boolean | null;

/**
 * A row of a flow: a value for each column, by name.
 * - numbers are numbers, conditions true or false, numbers with names (`end_reason`) their names;
 * - durations are seconds;
 * - times are Unix seconds (float64, exact to about 200 ns in our century), or with `times: 'text'` the exact text with
 *   nine decimals;
 * - addresses and `flow_id` are text; what is empty is null.
 */
export type FlowRow = Readonly<Record<string, FlowValue>>;

/** How times are given. */
export type TimeForm = 'number' | 'text';

type Read = (data: ColumnData, row: number) => FlowValue;

const bytes = Buffer.alloc(ADDRESS_BYTES + 16);

function address({ extra, words }: ColumnData, row: number): string | null {
  const length = extra[row]!;
  if (length === 0) return null;
  const end = length === 4 ? writeIpv4(bytes, 0, words[4 * row]!) : writeIpv6(bytes, 0, words, 4 * row);
  return bytes.toString('latin1', 0, end);
}

function timeReader(form: TimeForm): Read {
  return ({ numbers, extra }, row) => {
    const nanoseconds = extra[row]!;
    if (nanoseconds < 0) return null;
    return form === 'text' ? timeText(numbers[row]!, nanoseconds) : numbers[row]! + nanoseconds / 1e9;
  };
}

function numberReader({ boolean, labels, decimals }: Column): Read {
  const scale = decimals > 0 ? 10 ** decimals : 1;
  return ({ numbers }, row) => {
    const value = numbers[row]!;
    if (value !== value) return null;
    if (boolean) return value !== 0;
    return labels?.[value] ?? value / scale;
  };
}

function readerOf(column: Column, times: TimeForm): Read {
  switch (column.kind) {
    case 'number':
      return numberReader(column);
    case 'time':
      return timeReader(times);
    case 'text':
      return ({ texts }, row) => texts[row]!;
    case 'address':
      return address;
    case 'hash':
      return ({ words }, row) => bytes.toString('latin1', 0, writeHash(bytes, 0, words, 2 * row));
  }
}

/** Turns rows of a batch into objects. */
export function rowObjects(columns: readonly Column[], times: TimeForm): (batch: RowBatch) => FlowRow[] {
  const readers = columns.map((column) => readerOf(column, times));
  return ({ count, data }) =>
    Array.from({ length: count }, (_, row) =>
      Object.fromEntries(columns.map(({ name }, i) => [name, readers[i]!(data[i]!, row)])),
    );
}

const textReaders = new WeakMap<readonly Column[], readonly Read[]>();

/** The values of one row of a batch as text, as a CSV file would have them before quoting; empty values are ''. */
export function rowTexts({ columns, data }: RowBatch, row: number): string[] {
  let readers = textReaders.get(columns);
  if (readers === undefined) {
    readers = columns.map((column) => readerOf(column, 'text'));
    textReaders.set(columns, readers);
  }
  return columns.map(({ decimals }, i) => {
    const value = readers[i]!(data[i]!, row);
    if (value === null) return '';
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (typeof value === 'string') return value;
    return decimals > 0 ? formatDecimals(data[i]!.numbers[row]!, decimals) : formatNumber(value);
  });
}
