import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { spread } from './statistics.mjs';

const title = `# Results

Each section says what was measured, when, on which machine and how to repeat it. A benchmark rewrites its own sections
and leaves the others.
`;

/**
 * Puts a section into the page of results: in place of the one with the same heading, otherwise at the end.
 * @param {string} path
 * @param {string} heading without the hashes
 * @param {string} body
 */
export function writeSection(path, heading, body) {
  const page = existsSync(path) ? readFileSync(path, 'utf8') : title;
  const [head, ...sections] = page.split(/^(?=## )/m).map((part) => `${part.trimEnd()}\n`);
  const section = `## ${heading}\n\n${body.trim()}\n`;
  const index = sections.findIndex((part) => part.startsWith(`## ${heading}\n`));
  if (index < 0) sections.push(section);
  else sections[index] = section;
  writeFileSync(`${path}.partial`, [head, ...sections].join('\n'));
  renameSync(`${path}.partial`, path);
}

/**
 * A Markdown table; every column but the first is aligned to the right.
 * @param {readonly string[]} columns
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function table(columns, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/**
 * `median (least-greatest)`, or a dash where there is no value.
 * @param {readonly (number | null)[]} values
 * @param {number} [digits] after the decimal point
 */
export function medianText(values, digits = 2) {
  const known = spread(values.filter((value) => typeof value === 'number' && Number.isFinite(value)));
  if (known === null) return '–';
  const text = (value) => value.toFixed(digits);
  if (known.count === 1) return text(known.median);
  return `${text(known.median)} (${text(known.least)}–${text(known.greatest)})`;
}

/** @param {number | null | undefined} value */
export function count(value) {
  return typeof value !== 'number' ? '–' : value.toLocaleString('en-US');
}

/** @param {number | null} bytes */
export function megabytes(bytes) {
  return bytes === null ? '–' : (bytes / 1e6).toFixed(0);
}

/** The text with absolute paths cut down to their last part, so that a page names no folder of a machine. @param {string} text */
export function withoutFolders(text) {
  return text.replace(/(^|[\s'"=])\/(?!dev\/)[^\s'"]*\/(?=[^\s'"/])/g, '$1');
}
