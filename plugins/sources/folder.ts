import { statSync } from 'node:fs';
import { defineSource, type FolderOptions } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import { reasonOf } from './capture/reason.ts';
import { DEFAULT_PATTERNS } from './watch/file-names.ts';
import { FolderReader } from './watch/folder-reader.ts';

const DEFAULTS: FolderOptions = { pattern: DEFAULT_PATTERNS, order: 'name', quiet: 2000, delay: 10_000 };

/**
 * A folder into which another program writes captures one after the other (`dumpcap -b`, `tcpdump -G` and `-C`), as one
 * run without an end.
 */
export const folder = defineSource({
  name: 'folder',
  description: 'captures that another program writes into a folder, one after the other (--watch)',
  live: false,
  limits: [
    'frames come when their writer writes them; losses are known where it writes them into its files',
    'one file at a time is written, and one that has not changed for a while is complete when a later one is there',
  ],
  async open([target = '.', other], options) {
    if (other !== undefined) throw new PacketloomError('usage', 'one folder can be watched in one run');
    try {
      if (!statSync(target).isDirectory()) throw new PacketloomError('input', `${target}: is not a folder`);
    } catch (error) {
      if (error instanceof PacketloomError) throw error;
      throw new PacketloomError('input', `${target}: ${reasonOf(error)}`, { cause: error });
    }
    return new FolderReader(target, { ...DEFAULTS, ...options.folder }, options);
  },
});
