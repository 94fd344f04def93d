import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pcapOf } from '../../core/testing/pcap.ts';
import { buildFrame, ethernet, ipv4, tcp, udp } from '../../dissectors/build.ts';
import { main, root } from '../../test/cli/support/command.ts';
import { installedWith, runPage } from '../../test/docs/page.ts';

const folder = installedWith('@duckdb/node-api');
mkdirSync(join(folder, 'examples'));
symlinkSync(join(root, 'examples', 'captures'), join(folder, 'examples', 'captures'));
cpSync(join(root, 'examples', 'duckdb'), join(folder, 'examples', 'duckdb'), { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The bytes are what `tshark -T fields -e ip.src -e ip.dst -e frame.len` sums up to (163,229 of all IP frames, 112,838 of
// 192.168.0.1); 192.168.0.13 has 762 more there, of a Teredo tunnel whose flow is the one inside.
test('the example runs as it stands', () => {
  runPage('examples/duckdb/README.md', folder, ['localhost', 'localhost']);
});

test('the page of the sink runs as it stands', () => {
  runPage('docs/sinks/duckdb.md', folder, ['localhost', 'localhost']);
});

test('a beacon and a scan are found, and hours told apart', () => {
  // One frame a second, the first at 22:59:20: every ten seconds a request and its answer, in between a scan of ports.
  const frames = Array.from({ length: 80 }, (_, second) => {
    const beacon = ['10.0.0.5', '203.0.113.9'] as const;
    const port = 40_000 + Math.floor(second / 10);
    if (second % 10 === 0) {
      const network = ipv4({ source: beacon[0], destination: beacon[1] });
      return buildFrame(ethernet(), network, udp({ source: port, destination: 443 }), new Uint8Array(100));
    }
    if (second % 10 === 1) {
      const network = ipv4({ source: beacon[1], destination: beacon[0] });
      return buildFrame(ethernet(), network, udp({ source: 443, destination: port }), new Uint8Array(50));
    }
    const network = ipv4({ source: '10.0.0.66', destination: '10.0.0.7' });
    return buildFrame(ethernet(), network, tcp({ source: 50_000, destination: 1000 + second, flags: 2 }));
  });
  writeFileSync(join(folder, 'made.pcap'), pcapOf(frames, { start: 1_700_002_760 }));
  execFileSync(process.execPath, [main, 'flows', 'made.pcap', '--quiet', '-o', 'made.duckdb'], { cwd: folder });
  const words = ['examples/duckdb/ask.mjs', 'made.duckdb', 'examples/duckdb/queries.sql'];
  const answers = execFileSync(process.execPath, words, { cwd: folder, encoding: 'utf8' }).split('\n\n');
  const rows = answers.map((answer) =>
    answer
      .split('\n')
      .slice(3)
      .map((line) => line.split(/ {2,}/)),
  );
  const bytes = (from: number, to: number) =>
    String(frames.slice(from, to).reduce((sum, { length }) => sum + length, 0));
  expect(rows[1]).toEqual([
    ['2023-11-14 22:00:00', '36', bytes(0, 40)],
    ['2023-11-14 23:00:00', '36', bytes(40, 80)],
  ]);
  expect(rows[2]).toEqual([['10.0.0.5', '203.0.113.9', '443', '17', '7', '10', '0']]);
  // Of each ten seconds eight.
  expect(rows[3]!.map((row) => row.slice(0, 4))).toEqual([['10.0.0.66', '64', '1', '64']]);
});
