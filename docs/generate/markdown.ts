/** Text that means itself in a cell of a Markdown table. */
export const plain = (text: string): string => text.replaceAll(/[\\|<>*_[\]]/g, '\\$&').replaceAll('\n', ' ');

/** Text set as code. */
export const code = (text: string): string => `\`${text}\``;

/** A row of a table. Cells are Markdown already. */
export const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A link to a page beside this one. */
export const link = (text: string, page: string): string => `[${text}](${page})`;
