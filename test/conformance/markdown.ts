import { AGGREGATOR } from './tshark.ts';

/** A number as people read it. */
export const number = (value: number): string => value.toLocaleString('en');
/** A share in per cent. */
export const percent = (share: number): string => `${(100 * share).toFixed(3)} %`;
const cell = (one: string | number) => (typeof one === 'number' ? number(one) : one.replaceAll('|', '\\|'));
/** A row of a table. */
export const row = (...cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`;
/** A table, as lines. */
export const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  `|${head.map(() => ' --- |').join('')}`,
  ...rows,
];

const LONGEST = 40;

/** A cell of values, shortened, without what a page cannot show. */
export function short(values: string): string {
  const shown = values.replaceAll(AGGREGATOR, ', ');
  const plain = shown.replaceAll(/[\p{Cc}\ufffd`]/gu, '.');
  return plain === '' ? 'nothing' : `\`${plain.length > LONGEST ? `${plain.slice(0, LONGEST)}...` : plain}\``;
}
