import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dissector } from '../../core/declare/dissector.ts';
import { definePlugin } from '../../core/declare/plugin.ts';
import { createRegistry } from '../../core/declare/registry.ts';
import { applications } from '../../dissectors/applications.ts';
import { carriers } from '../../dissectors/carriers.ts';
import { captureOf, type Datagram } from './support/capture.ts';
import { office, root, rowsOf, run, start, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();
const SECOND = 1_000_000_000n;
const client = ['10.0.0.1', 5000] as const;
const server = ['10.0.0.2', 53] as const;
const there = (nanoseconds: bigint, payload = 10): Datagram => ({
  nanoseconds,
  source: client,
  destination: server,
  payload,
});
const back = (nanoseconds: bigint, payload = 10): Datagram => ({
  nanoseconds,
  source: server,
  destination: client,
  payload,
});

/** Frames of 42 + payload bytes: two there, one back. */
const bytes = captureOf([there(1_000n), back(2_500n, 100), there(SECOND + 1_000n, 0)]);
const three = folder.write('three.pcap', bytes);
const icmp = join(root, 'test', 'captures', 'network', 'IcmpPackets.pcap');

describe('packets', () => {
  test('writes a row per frame, with a header, as CSV', async () => {
    const { code, stdout, stderr } = await run([
      'packets',
      three,
      '--fields',
      'frame.number,ip.addr',
      '-e',
      'udp.length',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      'frame.number,ip.addr,udp.length\n1,10.0.0.1;10.0.0.2,18\n2,10.0.0.2;10.0.0.1,108\n3,10.0.0.1;10.0.0.2,8\n',
    );
  });

  test('has number, time, length and protocols where no field is named', async () => {
    const { stdout } = await run(['packets', three, '--count', '1']);
    expect(stdout).toBe(
      'frame.number,frame.time_epoch,frame.len,frame.protocols\n1,0.000001000,52,eth:ethertype:ip:udp:data\n',
    );
  });

  test('writes as tshark does with --format tsv --no-header', async () => {
    const { code, stdout } = await run([
      'packets',
      icmp,
      '-e',
      'ip.src',
      '--occurrence',
      'all',
      '--format',
      'tsv',
      '--no-header',
    ]);
    expect(code).toBe(0);
    expect(stdout.split('\n')[1]).toBe('10.2.99.99,10.2.10.2');
    const spaced = await run(['packets', icmp, '-e', 'ip.src', '--format', 'tsv', '--aggregator', '/s']);
    expect(spaced.stdout.split('\n').slice(0, 3)).toEqual(['ip.src', '10.1.22.2', '10.2.99.99 10.2.10.2']);
  });

  test('takes several names with either option', async () => {
    const { stdout } = await run(['packets', three, '-e', 'ip.src,ip.dst', '--fields', 'udp.length', '--count', '1']);
    expect(stdout).toBe('ip.src,ip.dst,udp.length\n10.0.0.1,10.0.0.2,18\n');
  });

  test('has the same values whether the dissectors of applications are loaded or not', async () => {
    const carried = ['ip.src', 'ip.dst', 'tcp.port', 'udp.port', 'icmp.type', 'payload.length', 'flow_id'];
    const rows = async (...more: string[]) =>
      rowsOf((await run(['packets', office, '--fields', [...carried, ...more].join(',')])).stdout);
    const alone = await rows();
    const together = await rows('dns.id', 'frame.protocols');
    expect(together.map((row) => Object.values(row).slice(0, carried.length))).toEqual(alone.map(Object.values));
    expect(together.some((row) => row['dns.id'] !== '')).toBe(true);
    expect(together.some((row) => row['frame.protocols']!.includes('http'))).toBe(true);
  });

  test('writes JSON lines, arrays exactly where all values are wanted', async () => {
    const fields = ['--fields', 'udp.port,tcp.port', '--format', 'jsonl'];
    const all = await run(['packets', three, ...fields]);
    expect(JSON.parse(all.stdout.split('\n')[0]!)).toEqual({ 'udp.port': [5000, 53], 'tcp.port': [] });
    const first = await run(['packets', three, ...fields, '--occurrence', 'first']);
    expect(JSON.parse(first.stdout.split('\n')[0]!)).toEqual({ 'udp.port': 5000, 'tcp.port': null });
  });

  test('keeps frames by --where, of several files in a row, and of standard input', async () => {
    const options = ['--where', 'udp.length > 50', '-e', 'frame.number', '-e', 'udp.length', '--no-header'];
    const twice = await run(['packets', three, three, ...options]);
    expect(twice.stdout).toBe('2,108\n5,108\n');
    const piped = await run(['packets', '-', ...options], { input: bytes });
    expect(piped.stdout).toBe('2,108\n');
  });

  test('has the flow ids of the rows of flows, with the same settings', async () => {
    for (const settings of [[], ['--idle-timeout', '500ms'], ['--unidirectional']]) {
      const flows = rowsOf((await run(['flows', three, ...settings, '--quiet'])).stdout);
      const frames = rowsOf((await run(['packets', three, '-e', 'flow_id', ...settings])).stdout);
      const counts = new Map<string, number>();
      for (const { flow_id } of frames) counts.set(flow_id!, (counts.get(flow_id!) ?? 0) + 1);
      const expected = flows.map((flow) => [flow.flow_id, Number(flow.fwd_frames) + Number(flow.bwd_frames)] as const);
      expect([...counts].toSorted()).toEqual(expected.toSorted());
      expect(flows).toHaveLength(settings.length === 0 ? 1 : 2);
    }
    const flows = rowsOf((await run(['flows', office, '--quiet'])).stdout);
    const frames = rowsOf((await run(['packets', office, '-e', 'flow_id'])).stdout);
    const ids = new Set(frames.map(({ flow_id }) => flow_id).filter((id) => id !== '' && id !== '""'));
    expect(ids).toEqual(new Set(flows.map(({ flow_id }) => flow_id)));
  });

  test('writes the frames themselves with --write', async () => {
    const kept = join(folder.path, 'kept.pcap');
    const { code, stdout } = await run(['packets', three, '--where', 'udp.srcport == 53', '--write', kept]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const rows = await run(['packets', kept, '--fields', 'frame.time_epoch,frame.len', '--no-header']);
    expect(rows.stdout).toBe('0.000002500,142\n');
    const both = await run(['packets', three, '--write', kept, '-e', 'ip.src']);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('--write') });
    const formatted = await run(['packets', three, '--write', kept, '--format', 'tsv']);
    expect(formatted).toMatchObject({ code: 2, stderr: expect.stringMatching(/--write.*--format/) });
  });

  test('takes protocols under other numbers, and plugins', async () => {
    const plugin = folder.write(
      'plugin.ts',
      `import { defineDissector, definePlugin, header, tableNamed, uint16 } from 'packetloom/plugin';
const mine = defineDissector({
  name: 'mine', title: 'Mine', claims: [tableNamed('udp.port').at(5000)],
  fields: header({ first: uint16('mine.first'), second: uint16('mine.second') }),
});
export default definePlugin({ name: 'mine', dissectors: [mine] });
`,
    );
    const { stdout } = await run([
      'packets',
      three,
      '--plugin',
      plugin,
      '-e',
      'mine.second',
      '-e',
      'frame.protocols',
      '--no-header',
    ]);
    expect(stdout.split('\n')[0]).toBe('0,eth:ethertype:ip:udp:mine');
    const decoded = await run(['packets', three, '--decode-as', 'ip.proto=17,tcp', '-e', 'tcp.srcport', '--no-header']);
    expect(decoded.stdout.split('\n')[0]).toBe('5000');
  });
});

describe('what ends a run', () => {
  test('is 3 for a damaged input, with everything that could be read', async () => {
    const cut = folder.write('cut.pcap', bytes.subarray(0, bytes.length - 20));
    const { code, stdout, stderr } = await run(['packets', cut, '-e', 'frame.number', '--no-header']);
    expect(code).toBe(3);
    expect(stdout).toBe('1\n2\n');
    expect(stderr).toMatch(/^packetloom: .*cut\.pcap: damaged at byte \d+: .*\n$/);
  });

  test.each([
    [['packets', three, '-e', 'ip.scr'], 'packets: no such field "ip.scr"; did you mean ip.src?'],
    [['packets', three, '-e', 'dns.qry.nam'], 'packets: no such field "dns.qry.nam"; did you mean dns.qry.name?'],
    [['packets', three, '--fields', ''], 'names of fields'],
    [['packets', three, '--fields', 'ip.src,,ip.dst'], 'names of fields'],
    [['packets', three, '--where', 'ip.ttl ='], '--where'],
    [['packets'], 'packets: no input'],
    [['packets', three, '-f', 'tcp'], 'packets: --filter: is for live capture: use --where with files'],
    [['packets', three, '--format', 'xml'], '--format'],
    [['packets', three, '--decode-as', 'udp.prt=5,dns'], 'udp.prt'],
    [['packets', 'there-is-none.pcap'], 'there-is-none.pcap'],
    [['inspect', three, '--frame', '0'], 'inspect: --frame 0: expected the number of a frame'],
    [['inspect', three, '--frame', '4'], 'three.pcap has 3 frames'],
    [['inspect', three, '--frame', '3-2'], 'inspect: --frame 3-2'],
  ])('%j is 2, in one line', async (words, message) => {
    const { code, stdout, stderr } = await run(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.split('\n')[0]).toMatch(/^packetloom: /);
    expect(stderr).not.toContain('    at ');
  });

  test('is 1 for an output that cannot be written', async () => {
    const { code, stderr } = await run(['packets', three, '--write', join(folder.path, 'no', 'such', 'folder.pcap')]);
    expect(code).toBe(1);
    expect(stderr).toContain('folder.pcap');
  });

  test.each([
    ['packets', office, office, office, '--format', 'jsonl', '--fields', 'frame.number,tcp.payload'],
    ['inspect', office, '--json', '--frame', '1-'],
  ])('is quiet when the reader of the pipe goes away: %s', async (...words) => {
    const { child, finished } = start(words);
    child.stdout!.once('data', () => child.stdout!.destroy());
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('inspect', () => {
  test('says that a file is damaged where the frame may lie behind the damage', async () => {
    const cut = folder.write('short.pcap', bytes.subarray(0, bytes.length - 20));
    const { code, stderr } = await run(['inspect', cut, '--frame', '3']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/short\.pcap: damaged at byte \d+: .*\n.*--frame 3: .*short\.pcap has 2 frames\n$/);
  });

  test('prints a tree, with the bytes on request', async () => {
    const { code, stdout } = await run(['inspect', three, '--frame', '2', '--hex']);
    expect(code).toBe(0);
    expect(stdout).toContain('Frame 2: 142 bytes on the wire, 142 captured');
    expect(stdout).toMatch(/ 34-35 +Source port: 53 +udp\.srcport/);
    expect(stdout).toContain('  0020  ');
  });

  test('prints JSON that holds the frames asked for', async () => {
    const { stdout } = await run(['inspect', three, '--frame', '2-3', '--json']);
    const frames = JSON.parse(stdout) as { number: number; length: number; layers: { name: string }[] }[];
    expect(frames.map(({ number, length, layers }) => [number, length, layers.length])).toEqual([
      [2, 142, 3],
      [3, 42, 3],
    ]);
    const rest = JSON.parse((await run(['inspect', three, '--frame', '2-', '--json'])).stdout) as unknown[];
    expect(rest).toHaveLength(2);
  });
});

test('no application has a field of the name of a carrier: runs that name none of theirs do not load them', () => {
  const names = (dissectors: readonly Dissector[]) =>
    createRegistry([definePlugin({ name: 'some', dissectors })]).fields.keys();
  const carried = new Set(names(carriers));
  expect([...names(applications)].filter((name) => carried.has(name))).toEqual([]);
  expect(applications.filter(({ level }) => level !== 'application')).toEqual([]);
});

test('help of both has two examples that run as they stand', async () => {
  for (const command of ['packets', 'inspect']) {
    const { code, stdout } = await run([command, '--help']);
    expect(code).toBe(0);
    const examples = stdout.slice(stdout.indexOf('Examples:')).split('\n').slice(1, 3);
    for (const line of examples) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
      expect(words.shift()).toBe('packetloom');
      expect(await run(words)).toMatchObject({ code: 0, stderr: '' });
    }
  }
});
