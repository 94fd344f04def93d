import { rename, writeFile } from 'node:fs/promises';
import { PacketloomError } from '../core/errors.ts';
import { type Dictionary, dictionaryCsv } from '../core/run/dictionary.ts';

/**
 * Writes what the columns of a run mean, complete or not at all: as CSV where the name ends so, else as JSON.
 * @throws PacketloomError `sink`
 */
export async function writeDictionary(file: string, dictionary: Dictionary): Promise<void> {
  const text = /\.csv$/i.test(file) ? dictionaryCsv(dictionary) : `${JSON.stringify(dictionary, null, 2)}\n`;
  try {
    await writeFile(`${file}.partial`, text);
    await rename(`${file}.partial`, file);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new PacketloomError('sink', `dictionary: ${file}: cannot be written: ${why}`, { cause });
  }
}
