import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { buildFrame, ethernet, ipv4, udp } from '../dissectors/build.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'packetloom-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command as a user would, from the project's folder. */
function packetloom(...words: string[]): string {
  const command = join(process.env.PACKETLOOM_DIST ?? join(root, 'dist'), 'cli', 'main.js');
  return execFileSync(process.execPath, [command, ...words], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A capture of the given frames, one second apart. */
function capture(name: string, frames: readonly Uint8Array[]): string {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const records = frames.flatMap((bytes, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + i, 0);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return [record, bytes];
  });
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([header, ...records]));
  return path;
}

const reading = (value: number): Uint8Array =>
  buildFrame(ethernet(), ipv4(), udp({ destination: 9999 }), Uint8Array.of(1, 0, value >> 8, value & 255, 0, 0, 0, 7));

test('a protocol of one’s own: its fields are features, and it is listed', () => {
  const file = capture('sensor.pcap', [reading(300), reading(20), reading(1000)]);
  const plugin = ['--plugin', 'examples/sensor-protocol.ts'];
  const rows = packetloom(
    'flows',
    file,
    ...plugin,
    '--feature',
    'top=max(sensor.value)',
    '--feature',
    'low=min(sensor.value)',
  );
  const [head, row, ...more] = rows.trim().split('\n');
  expect(head!.split(',').slice(-2)).toEqual(['top', 'low']);
  expect(row!.split(',').slice(-2)).toEqual(['1000', '20']);
  expect(more).toEqual([]);
  expect(packetloom('list', 'dissectors', ...plugin)).toContain('sensor');
  expect(packetloom('describe', 'sensor.type', ...plugin)).toContain('temperature');
});

test('a feature written as code', () => {
  // Ten echo requests and replies in turn: nine changes of direction.
  const rows = packetloom(
    'flows',
    'examples/captures/pings.pcap',
    '--plugin',
    'examples/turns-feature.ts',
    '--feature',
    'turns',
  );
  const lines = rows
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const [frames, turns] = [lines[0]!.indexOf('fwd_frames'), lines[0]!.indexOf('turns')];
  expect(lines.slice(1).map((line) => [line[frames], line[turns]])).toEqual([['5', '9']]);
});

test('a sink of one’s own, chosen by the ending of the file', () => {
  const target = join(folder, 'flows.md');
  packetloom('flows', 'examples/captures/dhcp.pcap', '--plugin', 'examples/markdown-sink.ts', '-o', target);
  const lines = readFileSync(target, 'utf8').trim().split('\n');
  expect(lines[0]).toMatch(/^\| flow_id \| segment \| src_ip/);
  expect(lines[1]).toBe(`|${' --- |'.repeat(15)}`);
  const csv = packetloom('flows', 'examples/captures/dhcp.pcap').trim().split('\n').slice(1);
  expect(lines.slice(2)).toEqual(csv.map((line) => `| ${line.split(',').join(' | ')} |`));
});

test('two outputs with columns and flows of their own', () => {
  const command = join(process.env.PACKETLOOM_DIST ?? join(root, 'dist'), 'cli', 'main.js');
  const [capture, configuration] = ['captures/office.pcap', 'two-outputs.json'].map((name) =>
    join(root, 'examples', name),
  );
  execFileSync(process.execPath, [command, 'flows', capture!, '-c', configuration!, '--quiet'], { cwd: folder });
  // 2013-06-17 is the day of its last frame (date -u -d @1371506391).
  const [head, ...rows] = readFileSync(join(folder, 'flows-20130617.csv'), 'utf8').trim().split('\n');
  expect(head).toBe('flow_id,start,src_ip,dst_ip,dst_port,fwd_bytes,bwd_bytes');
  const lines = gunzipSync(readFileSync(join(folder, 'dns.jsonl.gz')))
    .toString()
    .trim()
    .split('\n');
  const names = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  // Conversations in tshark -Y dns.qry.name: 64 of 161, and these names.
  expect([rows.length, names.length]).toEqual([161, 64]);
  expect(new Set(names.map((one) => one.dns_name))).toEqual(
    new Set(['isatap', 'jaekuryu-HP', 'ipv6.msftncsi.com', 'dns.msftncsi.com', 'wpad']),
  );
  expect(Object.keys(names[0]!)).toEqual(['start', 'src_ip', 'dns_name', 'dns_answers']);
});

test('the library in three lines', async () => {
  const lines: unknown[][] = [];
  const { log } = console;
  console.log = (...words: unknown[]) => lines.push(words);
  try {
    await import('./library.ts');
  } finally {
    console.log = log;
  }
  // Values as tshark -T fields gives them for the first three frames; the first flow is the web request at 8.9 s.
  expect(lines[0]).toEqual(['192.168.0.13', '192.168.0.1', 6, 5]);
  expect(lines).toHaveLength(4);
});
