import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import { CaptureReader } from './capture/capture-reader.ts';
import { checkInput, STANDARD_INPUT } from './capture/open-input.ts';

/**
 * Capture files: pcap of every magic and byte order and pcapng, gzip or zstd compressed or not, told by their content;
 * `-` is standard input. All of them are checked before the first is read.
 */
export const captureFile = defineSource({
  name: 'capture-file',
  description: 'pcap and pcapng files, gzip or zstd compressed or not, or standard input (-)',
  live: false,
  async open(targets, options) {
    if (targets.filter((target) => target === STANDARD_INPUT).length > 1) {
      throw new PacketloomError('usage', 'standard input (-) can be read only once');
    }
    if (options.filter !== undefined) {
      throw new PacketloomError('usage', 'a capture filter is for live capture; choose frames of a file with --where');
    }
    for (const target of targets) await checkInput(target);
    return new CaptureReader(targets, { signal: options.signal });
  },
});
