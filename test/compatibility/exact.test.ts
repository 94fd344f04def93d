import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlowsOptions } from '../../cli/library/flows.ts';
import { expectedFiles, type TextRow } from '../presets/support/expected.ts';
import { type Comparison, compare } from './compare.ts';

const vendored = join(import.meta.dirname, '..');
const shared = join(import.meta.dirname, '../../../shared');

const NFSTREAM_KEY = [
  ...['src_ip', 'src_port', 'dst_ip', 'dst_port', 'protocol', 'vlan_id', 'tunnel_id'],
  'bidirectional_first_seen_ms',
];
const nfstream = (options: FlowsOptions = {}): Comparison => ({
  options: { features: [{ preset: 'nfstream' }], ...options },
  key: NFSTREAM_KEY,
});

/** Rows between addresses that are in no packet: other bytes of a frame read as an IPv4 header. */
const ARTEFACTS = new Set([
  ...['8.6.0.1-8.0.6.4', '144.0.0.0-1.0.0.0', '0.0.69.0-0.78.107.238', '12.0.69.0-0.78.107.224'],
  ...['37.115.0.0-0.78.106.184', '8.67.69.0-0.229.92.190'],
  ...['134.221.96.0-0.0.0.24', '134.221.96.0-0.0.0.64'],
]);
/** Of the rows between these addresses only this one is. */
const FUZZED = '170.170.170.170-170.170.170.170-0-0-0 2005-07-04 09:38:44.456160';
const artefact = (row: TextRow): boolean =>
  ARTEFACTS.has(`${row['Src IP']}-${row['Dst IP']}`) || `${row['Flow ID']} ${row.Timestamp}` === FUZZED;

/** Columns of the original with their names in the data set of 2017, less those that are the same. */
const NAMES_2017 = {
  ...{ 'Src IP': 'Source IP', 'Src Port': 'Source Port', 'Dst IP': 'Destination IP', 'Dst Port': 'Destination Port' },
  'Total Fwd Packet': 'Total Fwd Packets',
  'Total Bwd packets': 'Total Backward Packets',
  'Total Length of Fwd Packet': 'Total Length of Fwd Packets',
  'Total Length of Bwd Packet': 'Total Length of Bwd Packets',
  'Packet Length Min': 'Min Packet Length',
  'Packet Length Max': 'Max Packet Length',
  'CWR Flag Count': 'CWE Flag Count',
  'Fwd Segment Size Avg': 'Avg Fwd Segment Size',
  'Bwd Segment Size Avg': 'Avg Bwd Segment Size',
  'Fwd Bytes/Bulk Avg': 'Fwd Avg Bytes/Bulk',
  'Fwd Packet/Bulk Avg': 'Fwd Avg Packets/Bulk',
  'Fwd Bulk Rate Avg': 'Fwd Avg Bulk Rate',
  'Bwd Bytes/Bulk Avg': 'Bwd Avg Bytes/Bulk',
  'Bwd Packet/Bulk Avg': 'Bwd Avg Packets/Bulk',
  'Bwd Bulk Rate Avg': 'Bwd Avg Bulk Rate',
  'FWD Init Win Bytes': 'Init_Win_bytes_forward',
  'Bwd Init Win Bytes': 'Init_Win_bytes_backward',
  'Fwd Act Data Pkts': 'act_data_pkt_fwd',
  'Fwd Seg Size Min': 'min_seg_size_forward',
};

const FOLDERS: readonly (readonly [folder: string, how: Comparison])[] = [
  ['nfstream-6.5', nfstream()],
  ['nfstream-6.5-accounting-ip', nfstream({ features: [{ preset: 'nfstream', options: { accountingMode: 1 } }] })],
  ['nfstream-6.5-timeouts-1-2', nfstream({ flow: { idleTimeout: '1s', activeTimeout: '2s' } })],
  ['cicflowmeter-engelen', { options: { preset: 'cicflowmeter' }, key: ['Flow ID', 'Timestamp'], artefact }],
  [
    'cicflowmeter-original',
    { options: { preset: 'cicflowmeter-2017' }, key: ['Flow ID', 'Timestamp'], names: NAMES_2017, artefact },
  ],
];

/** Files that the tools went on reading past an error, or read after a conversion that stopped earlier than ours. */
const READ_ERRORS = new Set([
  'formats/many_interfaces-1.pcapng',
  'formats/pcapng-be-all-blocks-test102.pcapng',
  'formats/pcapng-be-mixed-endian-sections-test202.pcapng',
  'formats/pcapng-be-two-snaplens-test004.pcapng',
  'formats/pcapng-le-if-options-test008.pcapng',
  'formats/pcapng-le-sections-test201.pcapng',
  'formats/pcapng-le-unknown-section-version-test901.pcapng',
  'malformed/fuzz-2021-10-13.pcap',
  'malformed/truncated_dns_2.pcap',
  'formats/solaris.snoop',
]);
/** Only the first 400 of their rows are kept. */
const SHORTENED = new Set(['flows/gnutella.pcap', 'flows/sumstat.pcap', 'transport/synscan.pcap']);

describe.each(FOLDERS)('%s', (folder, how) => {
  const files = expectedFiles(join(vendored, 'presets', 'expected', folder));

  test('has rows to compare', () => expect(files.length).toBeGreaterThan(2));

  test.each(files.map(({ file, capture }) => [capture, file] as const))(
    '%s: every row and cell',
    async (capture, file) => {
      const { rows, unmatched, extra, differing } = await compare(file, join(vendored, 'captures', capture), how);
      expect({ unmatched, extra, differing }).toEqual({ unmatched: [], extra: [], differing: [] });
      expect(rows).toBeGreaterThan(0);
    },
  );

  const all = expectedFiles(join(shared, 'expected-flows', folder));
  if (all.length === 0) {
    console.log(`skipped: rows of ${folder} for the shared captures are not here`);
    return;
  }
  test('the shared captures: every row, and at least 99.9 % of cells', async () => {
    const total = { cells: 0, differing: [] as string[] };
    for (const { file, capture } of all) {
      if (capture.startsWith('dissections-20/') || READ_ERRORS.has(capture)) continue;
      const found = await compare(file, join(shared, 'captures', capture), how);
      expect({ capture, unmatched: found.unmatched }).toEqual({ capture, unmatched: [] });
      if (!SHORTENED.has(capture)) expect({ capture, extra: found.extra }).toEqual({ capture, extra: [] });
      total.cells += found.cells;
      total.differing.push(...found.differing);
    }
    expect(total.cells).toBeGreaterThan(10_000);
    expect(total.differing.length / total.cells).toBeLessThan(0.001);
  }, 120_000);
});

const kxun = join(shared, 'captures/flows/nonmonotonic-1kxun.pcap');
if (existsSync(kxun)) {
  test('nonmonotonic-1kxun with timeouts of 1 s and 2 s: 379 rows, every cell', async () => {
    const file = join(shared, 'expected-flows/nfstream-6.5-timeouts-1-2/flows/nonmonotonic-1kxun.pcap.csv');
    const found = await compare(file, kxun, nfstream({ flow: { idleTimeout: '1s', activeTimeout: '2s' } }));
    expect(found).toMatchObject({ rows: 379, cells: 379 * 80, unmatched: [], extra: [], differing: [] });
  });
} else console.log('skipped: flows/nonmonotonic-1kxun.pcap is not here');
