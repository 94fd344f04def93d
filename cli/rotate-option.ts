import type { Registry } from '../core/declare/registry.ts';
import type { SinkConfiguration } from '../core/run/configuration.ts';
import { optionError } from './report.ts';

/** What one word of `--rotate` means: `1h`, `100MiB`, `1000000rows`. */
function rotationOf(word: string): Readonly<Record<string, string | number>> {
  const [, rows] = /^([1-9][0-9]*) ?rows?$/.exec(word) ?? [];
  if (rows !== undefined && Number.isSafeInteger(Number(rows))) return { rotateRows: Number(rows) };
  if (/^[1-9][0-9]*[smhd]$/.test(word)) return { rotateEvery: word };
  // A bare number could be anything.
  if (/^[1-9][0-9]*(?:[KMGT]i?B?|B)$/i.test(word)) return { rotateSize: word };
  throw optionError(`--rotate ${word}: expected a time, size or number of rows: 1h, 100MiB or 1000000rows`);
}

/**
 * The outputs of the command line with rotation; those of them that are no files stay as they are.
 * @throws PacketloomError `usage` for words that are wrong, or where no output is a file
 */
export function withRotation(
  sinks: readonly SinkConfiguration[],
  words: readonly string[],
  registry: Registry,
): SinkConfiguration[] {
  const rotation: Record<string, string | number> = {};
  for (const word of words.flatMap((one) => one.split(',')).map((one) => one.trim())) {
    for (const [name, value] of Object.entries(rotationOf(word))) {
      if (name in rotation) throw optionError(`--rotate ${rotation[name]} and ${word}: one of them only`);
      rotation[name] = value;
    }
  }
  let files = 0;
  const rotating = sinks.map((one) => {
    const [[name, options]] = Object.entries(one) as [[string, SinkConfiguration[string]]];
    const properties = (registry.sinks.get(name)?.options.properties ?? {}) as Readonly<Record<string, unknown>>;
    if (!('rotateEvery' in properties) || options.path === '-') return one;
    files += 1;
    return { [name]: { ...options, ...rotation } };
  });
  if (files === 0) throw optionError(`--rotate ${words.join(',')}: no --output is a file that rotates`);
  return rotating;
}
