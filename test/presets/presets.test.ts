import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cicflowmeter } from './cicflowmeter.ts';
import { cicflowmeterOriginal } from './cicflowmeter-original.ts';
import { nfstream } from './nfstream.ts';
import { compareCorrected } from './support/corrected.ts';
import { compareExact } from './support/exact.ts';
import { expectedFiles } from './support/expected.ts';
import { Findings } from './support/findings.ts';
import { rowsOf } from './support/tool.ts';

const captures = join(import.meta.dirname, '..', 'captures');

for (const tool of [cicflowmeter, cicflowmeterOriginal, ...nfstream]) {
  const files = expectedFiles(join(import.meta.dirname, 'expected', tool.folder)).filter(
    ({ capture }) => !tool.readErrors.has(capture),
  );

  describe(tool.title, () => {
    test('has rows here', () => {
      expect(files.length).toBeGreaterThan(0);
      for (const { capture } of files) expect(existsSync(join(captures, capture)), capture).toBe(true);
    });

    test('corrected: every difference has a name', { timeout: 120_000 }, async () => {
      const found = new Findings();
      for (const { file, capture } of files) {
        await compareCorrected(tool, capture, join(captures, capture), rowsOf(tool, file), found);
      }
      expect(found.leftOut).toEqual([]);
      expect(found.unexplained).toEqual([]);
      expect(found.theirs).toBeGreaterThan(files.length - 1);
      // Classes are for differences; most cells have none.
      expect(found.equal / found.cells).toBeGreaterThan(0.6);
    });

    test('exact: the rows of the tool', { timeout: 120_000 }, async () => {
      const found = new Findings();
      for (const { file, capture } of files) {
        await compareExact(tool, capture, join(captures, capture), rowsOf(tool, file), found);
      }
      expect(found.leftOut).toEqual([]);
      expect(found.unexplained).toEqual([]);
      expect(found.matched).toBe(found.theirs);
      expect(found.equal).toBe(found.cells);
    });
  });
}

describe('the classes', () => {
  const capture = 'community-id/tcp.pcap';
  const rows = rowsOf(cicflowmeter, join(import.meta.dirname, 'expected', cicflowmeter.folder, `${capture}.csv`));

  test.each([
    ['Flow Duration', '1'],
    ['Fwd IAT Max', '5'],
    ['Total Length of Fwd Packet', '1'],
    ['Subflow Fwd Bytes', '7'],
    ['Fwd TCP Retrans. Count', '9'],
    ['Active Mean', '3'],
  ])('hold no wrong number: %s', async (column, wrong) => {
    const changed = rows.map((row, i) => (i === 0 ? { ...row, [column]: wrong } : row));
    const found = new Findings();
    await compareCorrected(cicflowmeter, capture, join(captures, capture), changed, found);
    expect(found.unexplained.length).toBe(1);
    expect(found.unexplained[0]).toContain(`${column}: ${wrong}, ours`);
  });

  test('hold no row that is not there', async () => {
    const found = new Findings();
    await compareCorrected(cicflowmeter, capture, join(captures, capture), rows.slice(1), found);
    expect(found.unexplained.length).toBe(1);
  });
});
