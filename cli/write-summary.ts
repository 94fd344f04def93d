import { rename, writeFile } from 'node:fs/promises';
import { PacketloomError } from '../core/errors.ts';
import type { RunSummary } from '../core/run/summary.ts';

/**
 * Writes the summary as JSON, complete or not at all.
 * @throws PacketloomError `sink`
 */
export async function writeSummary(file: string, summary: RunSummary): Promise<void> {
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  try {
    await writeFile(`${file}.partial`, text);
    await rename(`${file}.partial`, file);
  } catch (cause) {
    throw new PacketloomError('sink', `summary: ${file}: cannot be written: ${(cause as Error).message}`, { cause });
  }
}
