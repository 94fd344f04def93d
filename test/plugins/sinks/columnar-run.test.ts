import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonObstacle, runPython } from '../../support/python.ts';
import { unavailable } from '../../support/unavailable.ts';
import { temporaryFolder } from './folder.ts';

const root = join(import.meta.dirname, '../../..');
const folder = temporaryFolder();

/** Runs `packetloom flows` on a capture. */
function flows(capture: string, ...words: readonly string[]) {
  const command = join(process.env.PACKETLOOM_DIST ?? join(root, 'dist'), 'cli', 'main.js');
  return spawnSync(process.execPath, [command, 'flows', join(root, capture), ...words], { encoding: 'utf8' });
}

/** What the comparison found in one file. */
interface Compared {
  readonly rows: number;
  readonly differences: readonly unknown[];
}

if (!unavailable('typed files read by Python', pythonObstacle('pyarrow', 'polars', 'duckdb'))) {
  // Over IPv4; over IPv6; with names of servers.
  test.each([
    'examples/captures/office.pcap',
    'test/captures/application/ftp-ipv6.pcap',
    'test/captures/flows/ipfixprobe-mixed.pcap',
  ])('a run of the command writes the same rows into CSV, Arrow, Parquet and DuckDB: %s', (capture) => {
    const base = join(folder, capture.replaceAll('/', '-'));
    const outputs = ['csv', 'arrow', 'arrows', 'parquet', 'duckdb'].flatMap((ending) => ['-o', `${base}.${ending}`]);
    const more = ['-p', 'statistical', '--feature', 'sni=first(tls.handshake.extensions_server_name)'];
    const { status, stderr } = flows(capture, ...more, ...outputs);
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    const readers = ['pyarrow-file', `${base}.arrow`, 'pyarrow-stream', `${base}.arrows`];
    readers.push('polars-parquet', `${base}.parquet`, 'duckdb', `${base}.duckdb#flows`);
    const script = join(import.meta.dirname, '../../support/compare-columns.py');
    const { rows, files } = runPython<{ rows: number; files: Compared[] }>(script, [`${base}.csv`, ...readers]);
    expect(rows).toBeGreaterThan(0);
    for (const file of files) expect(file).toEqual({ rows, differences: [] });
    expect(files).toHaveLength(4);
  });
}

test.each([
  ['parquet', 'a.parquet', 'link.parquet'],
  ['duckdb', 'a.duckdb', 'link.duckdb'],
])('two outputs of a run to one file are refused: %s', (name, file, link) => {
  const path = join(folder, file);
  symlinkSync(path, join(folder, link));
  const why = `packetloom: cannot write ${name}: ${path}: another output goes to the same file\n`;
  const { status, stderr } = flows('examples/captures/dhcp.pcap', '--quiet', '-o', `csv:${path}`, '-o', path);
  expect([status, stderr]).toEqual([1, why]);
  expect(existsSync(path)).toBe(false);
  const linked = flows('examples/captures/dhcp.pcap', '--quiet', '-o', path);
  expect([linked.status, linked.stderr]).toEqual([0, '']);
  const other = flows('examples/captures/dhcp.pcap', '--quiet', '-o', join(folder, link), '-o', path);
  expect([other.status, other.stderr]).toEqual([1, why]);
});
