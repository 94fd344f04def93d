import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { whereThere } from '../../captures-elsewhere.ts';
import { drain, readAll } from './support/read-frames.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folders = ['test/captures', '../shared/captures'].map((folder) => join(root, folder));

/** Where the count in the manifest, which is tshark's, is not ours, and why. */
const OTHER_COUNTS: Readonly<Record<string, number>> = {
  // tshark makes an empty frame of each custom block
  'formats/pcapng-be-all-blocks-test102.pcapng': 5,
  'formats/pcapng-be-mixed-endian-sections-test202.pcapng': 8,
  // tshark ends at a section of an unknown version, a known one follows
  'formats/pcapng-le-unknown-section-version-test901.pcapng': 2,
};
const REFUSED: Readonly<Record<string, string>> = {
  'formats/5_packets.erf': 'format ERF is not supported',
  'formats/solaris.snoop': 'format snoop is not supported',
};
/** Place of the damage; the same files are damaged for tshark, the last two at the same frame. */
const DAMAGED: Readonly<Record<string, number>> = {
  'formats/pcapng-invalid-vers-1.pcapng': 0,
  'formats/pcapng-le-unknown-section-version-test901.pcapng': 480,
  'malformed/clusterfuzz-bluetooth.pcap': 224,
  'malformed/clusterfuzz-linktype-8224.pcap': 20,
  'malformed/crash-pcapng-epb-unbounded-length.pcapng': 48,
  'malformed/fuzz-2021-10-13.pcap': 237,
  'malformed/truncated_dns_2.pcap': 240,
};

const tshark = (...rest: string[]) => spawnSync('tshark', rest, { encoding: 'utf8', maxBuffer: 1 << 28 });
const noTshark = tshark('--version').status !== 0;

for (const folder of folders) {
  const name = relative(root, folder);
  whereThere(join(folder, 'MANIFEST.tsv'), name, () => readAllOf(folder, name));
}

function readAllOf(folder: string, name: string): void {
  const [head, ...lines] = readFileSync(join(folder, 'MANIFEST.tsv'), 'utf8').trim().split('\n');
  const columns = head!.split('\t');
  const captures = lines.map((line) => {
    const cells = line.split('\t');
    return { path: cells[0]!, packets: Number(cells[columns.indexOf('packets')]) };
  });

  describe(`captures of ${name}`, () => {
    it.each(captures)('$path: $packets frames', async ({ path, packets }) => {
      const file = join(folder, path);
      const refused = REFUSED[path];
      if (refused !== undefined) {
        await expect(captureFile.open([file], {})).rejects.toMatchObject({ message: `${file}: ${refused}` });
        return;
      }
      const { frames, statistics } = await drain(await captureFile.open([file], {}));
      expect(frames).toHaveLength(OTHER_COUNTS[path] ?? packets);
      expect(statistics[0]!.frames).toBe(frames.length);
      expect(statistics[0]!.damaged?.offset).toBe(DAMAGED[path]);
      expect(statistics[0]!.bytesRead).toBeGreaterThan(0);
    });
  });
}

describe('against tshark', () => {
  const folder = folders.find((one) => existsSync(join(one, 'formats')));

  for (const path of [
    'formats/tcp-handshake-nano.pcap',
    'formats/nanosecs_big_endian.pcap',
    'formats/microsecs_big_endian.pcap',
    'formats/modified-kuznetzov.pcap',
    'formats/many_interfaces-1.pcapng',
    'formats/pcapng-be-two-snaplens-test004.pcapng',
    'formats/pcapng-le-tsresol-binary-test902.pcapng',
    'formats/pcapng-le-sections-test201.pcapng',
    'formats/time_2107.pcapng',
    'formats/snaplen-truncated-simson.pcap',
    'link/gvrp.pcapng.gz',
    'flows/skype.pcap',
  ]) {
    const file = [folder, ...folders].map((one) => join(one ?? '', path)).find((one) => existsSync(one)) ?? path;
    whereThere(file, `times and lengths of ${path}`, () => {
      it(`times and lengths of ${path}`, async (context) => {
        if (noTshark) return context.skip('tshark is not installed');
        const fields = ['frame.time_epoch', 'frame.cap_len', 'frame.len'].flatMap((field) => ['-e', field]);
        const { stdout } = tshark('-n', '-r', file, '-T', 'fields', ...fields);
        const { frames } = await drain(await captureFile.open([file], {}));
        const lines = frames.map(
          ({ seconds, nanoseconds, captured, wire }) =>
            // A simple packet has no time.
            `${nanoseconds < 0 ? '' : `${seconds}.${String(nanoseconds).padStart(9, '0')}`}\t${captured}\t${wire}`,
        );
        expect(lines).toEqual(stdout.trim().split('\n'));
      });
    });
  }
});

const skype = folders.map((one) => join(one, 'flows/skype.pcap')).find((one) => existsSync(one)) ?? 'flows/skype.pcap';
whereThere(skype, 'a capture that breaks off', () => {
  it('the first 20,000 bytes of skype.pcap: 87 frames, and where it breaks off', async () => {
    const { frames, statistics } = await readAll(readFileSync(skype).subarray(0, 20_000));
    expect(frames).toHaveLength(87);
    expect(statistics[0]!.damaged!.offset).toBe(19_114);
  });
});
