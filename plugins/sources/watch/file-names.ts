import { existsSync } from 'node:fs';

/** Names of files that are being written or have been rotated: those of dumpcap, tcpdump -C and Suricata among them. */
export const DEFAULT_PATTERNS = ['*.pcap', '*.pcapng', '*.cap', '*.pcap[0-9]*', '*.pcap.[0-9]*'].flatMap((pattern) => [
  pattern,
  `${pattern}.gz`,
  `${pattern}.zst`,
]);

const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/** A pattern of the shell for the name of a file: `*`, `?`, `[0-9]`, `[!a]`. A name that begins with a dot is not found by `*`. */
function matcher(pattern: string): RegExp {
  const parts = pattern.match(/\[!?[^\]]+\]|./gsu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length < 3 || !part.startsWith('[')) return part.replace(SPECIAL, '\\$&');
    return part.replace(/^\[!/, '[^').replace(/[\\&]/g, '\\$&');
  });
  return new RegExp(`^${/^[*?[]/.test(pattern) ? '(?!\\.)' : ''}${source.join('')}$`, 'su');
}

/** Says whether the name of a file fits one of the patterns. */
export function nameFilter(patterns: readonly string[]): (name: string) => boolean {
  const matchers = patterns.map(matcher);
  return (name) => matchers.some((one) => one.test(name));
}

const collator = new Intl.Collator('en', { numeric: true });

/** The order of rotated files: numbers in names count as numbers, so that 10 comes behind 9. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : Number(a > b));

const COMPRESSED = /\.(gz|zst)$/i;

/** A compressed file, by its name. */
export const isCompressed = (name: string): boolean => COMPRESSED.test(name);

/** A file is there compressed. */
export const isThereCompressed = (path: string): boolean => ['.gz', '.zst'].some((ending) => existsSync(path + ending));

/** The name of a file before it was compressed. */
export const plainName = (name: string): string => name.replace(COMPRESSED, '');
