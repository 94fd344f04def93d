import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { office, rowsOf, run, sharedCapture, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();

describe('explain', () => {
  it('ends in the cell that flows writes, as text and as JSON', async () => {
    const options = ['-p', 'statistical', '--idle-timeout', '60s'];
    const id = ['--feature', 'flow_id'];
    const [row] = rowsOf((await run(['flows', office, '--quiet', ...options, ...id])).stdout);
    const wish = ['--flow', row!.flow_id!, '--feature', 'fwd_iat_std'];
    const text = await run(['explain', office, ...options, ...wish]);
    expect(text.stderr).toBe('');
    expect(text.code).toBe(0);
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe(`fwd_iat_std = ${row!.fwd_iat_std}`);
    const { stdout } = await run(['explain', office, ...options, ...wish, '--json']);
    const explained = JSON.parse(stdout);
    expect(explained.features[0].cells).toEqual([row!.fwd_iat_std]);
    expect(explained.features[0].parts[0].frames.length).toBe(explained.frames);
  });

  it.each([
    [['--flow', 'x'], /^packetloom: explain: --flow x: expected a flow_id, 16 hexadecimal digits/],
    [['--flow', '0123456789abcdef'], /explain: --flow 0123456789abcdef: no such flow among the 161 rows of this run/],
    [
      ['--flow', '0123456789abcdef', '--feature', 'mean(frame.lenn)'],
      /--feature mean\(frame\.lenn\): "frame\.lenn": no such field; did you mean frame\.len\?/,
    ],
  ])('%j is refused', async (words, message) => {
    const { code, stderr, stdout } = await run(['explain', office, '--feature', 'frames', ...words]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('needs a flow and a feature', async () => {
    expect((await run(['explain', office, '--feature', 'frames'])).stderr).toMatch(/required option '--flow/);
    expect((await run(['explain', office, '--flow', '0123456789abcdef'])).stderr).toMatch(/required option '--feature/);
  });
});

describe('the frames of one flow', () => {
  const tshark = (file: string, filter = 'frame'): string[] | undefined => {
    const { status, stdout } = spawnSync(
      'tshark',
      ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.time_epoch'],
      {
        encoding: 'utf8',
      },
    );
    return status === 0 ? stdout.trim().split('\n') : undefined;
  };

  it('are written as a capture that tshark reads, with what its conversation filter finds', async () => {
    const rows = rowsOf((await run(['flows', office, '--quiet'])).stdout).filter(({ protocol }) => protocol === '6');
    // The only flow between its two ends, so that addresses and ports name it.
    const ends = ({ src_ip, src_port, dst_ip, dst_port }: Record<string, string>) =>
      [`${src_ip}:${src_port}`, `${dst_ip}:${dst_port}`].toSorted().join(' ');
    const row = rows.find((one) => rows.filter((other) => ends(other) === ends(one)).length === 1)!;
    const target = join(folder.path, 'flow.pcap');
    const { code } = await run(['packets', office, '--where', `flow_id == "${row.flow_id}"`, '--write', target]);
    expect(code).toBe(0);
    // Record headers of 16 bytes behind the file header of 24: counted without any tool.
    const bytes = readFileSync(target);
    let frames = 0;
    for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) frames += 1;
    expect(frames).toBe(Number(row.fwd_frames) + Number(row.bwd_frames));
    const written = tshark(target);
    if (written === undefined) {
      console.warn('skipped: no tshark here');
      return;
    }
    const filter = `tcp.port == ${row.src_port} && tcp.port == ${row.dst_port} && ip.addr == ${row.src_ip} && ip.addr == ${row.dst_ip}`;
    expect(written).toEqual(tshark(office, filter));
  });

  it('are those of the same settings as the rows, segment by segment', async () => {
    const settings = ['--active-timeout', '20ms', '--key', 'addresses,protocol'];
    const rows = rowsOf((await run(['flows', office, '--quiet', ...settings])).stdout);
    const row = rows.find(({ segment }) => segment === '1')!;
    const where = `flow_id == "${row.flow_id}" and segment == 1`;
    const { stdout } = await run([
      'packets',
      office,
      ...settings,
      '--where',
      where,
      '-e',
      'flow_id',
      '-e',
      'segment',
      '-e',
      'frame.len',
    ]);
    const frames = rowsOf(stdout);
    expect(frames.length).toBe(Number(row.fwd_frames) + Number(row.bwd_frames));
    expect(new Set(frames.map(({ flow_id, segment }) => `${flow_id}/${segment}`))).toEqual(
      new Set([`${row.flow_id}/1`]),
    );
    const bytes = frames.reduce((sum, frame) => sum + Number(frame['frame.len']), 0);
    expect(bytes).toBe(Number(row.fwd_bytes) + Number(row.bwd_bytes));
  });

  it('are made of the frames that the configuration wants', async () => {
    const config = folder.write('where.json', '{ "where": "tcp.dstport == 80" }');
    const [row] = rowsOf((await run(['flows', office, '--quiet', '-c', config])).stdout);
    const words = ['packets', office, '--where', `flow_id == "${row!.flow_id}"`, '-e', 'tcp.dstport'];
    const { stdout } = await run([...words, '-c', config]);
    expect(rowsOf(stdout).length).toBe(Number(row!.fwd_frames));
    expect(new Set(rowsOf(stdout).map((frame) => frame['tcp.dstport']))).toEqual(new Set(['80']));
  });

  it('come from standard input too, where no setting keeps them waiting', async () => {
    const input = readFileSync(office);
    const [row] = rowsOf((await run(['flows', office, '--quiet'])).stdout);
    const where = ['--where', `flow_id == "${row!.flow_id}"`, '-e', 'frame.number'];
    const { stdout } = await run(['packets', '-', ...where], { input });
    expect(rowsOf(stdout).length).toBe(Number(row!.fwd_frames) + Number(row!.bwd_frames));
    const refused = await run(['packets', '-', ...where, '--reorder', '100ms'], { input });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /flow_id: with a reorder window the flows of frames are known for capture files only/,
    );
  });

  it('flow_id is refused where flows are made', async () => {
    const { code, stderr } = await run(['flows', office, '--where', 'flow_id == "x"']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/flow_id has no meaning before a frame has a flow/);
  });

  it('and of fragmented packets', async () => {
    const capture = sharedCapture('network/ip4_fragments.pcap');
    if (capture === undefined) return;
    const [row] = rowsOf((await run(['flows', capture, '--quiet'])).stdout);
    const { stdout } = await run(['packets', capture, '--where', `flow_id == "${row!.flow_id}"`, '-e', 'frame.number']);
    expect(rowsOf(stdout).length).toBe(53);
  });
});

describe('labels and anonymisation on the command line', () => {
  it('join a column, and tell rules that never fit', async () => {
    const rules = folder.write('rules.csv', 'dst_port,protocol,label\n80,tcp,Web\n1,tcp,Never\n');
    const target = join(folder.path, 'labelled.jsonl');
    const { code, stderr } = await run(['flows', office, '--labels', rules, '--label-default', 'Other', '-o', target]);
    expect(code).toBe(0);
    const rows = readFileSync(target, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const web = rows.filter((row) => row.protocol === 6 && (row.dst_port === 80 || row.src_port === 80));
    expect(web.length).toBeGreaterThan(10);
    expect(rows.filter(({ label }) => label === 'Web')).toEqual(web);
    expect(rows.filter(({ label }) => label === 'Other').length).toBe(rows.length - web.length);
    expect(stderr).toContain(`labels    ${web.length} rows by 1 of 2 rules`);
    expect(stderr).toContain(`never the first to fit: ${rules}:3 (Never)`);
  });

  it('say what is wrong, with file, line and column', async () => {
    const rules = folder.write('wrong.csv', 'dst_port,label\nhttp,Web\n');
    const { code, stderr } = await run(['flows', office, '--labels', rules]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${rules}:2:1: dst_port: found "http"`);
    const alone = await run(['flows', office, '--label-default', 'x']);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toMatch(/--label-default: there are no rules for labels/);
    const none = await run(['flows', office, '--anonymize', 'none.key']);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/--anonymize: none\.key: the key cannot be read: no such file/);
  });

  it('paths in a configuration start from it', async () => {
    folder.write('own.csv', 'protocol,label\ntcp,T\n');
    const config = folder.write('own.json', '{ "features": ["protocol"], "labels": { "rules": "own.csv" } }');
    const { stdout, code } = await run(['flows', office, '-c', config, '--quiet']);
    expect(code).toBe(0);
    expect(rowsOf(stdout).every(({ protocol, label }) => (protocol === '6') === (label === 'T'))).toBe(true);
    expect((await run(['check', config])).code).toBe(0);
  });

  it('the owner of the key finds the frames of a row again', async () => {
    const key = folder.write('key', 'a'.repeat(64));
    const [row] = rowsOf((await run(['flows', office, '--quiet', '--anonymize', key])).stdout);
    const where = ['--where', `flow_id == "${row!.flow_id}"`, '-e', 'ip.src'];
    const { stdout } = await run(['packets', office, ...where, '--anonymize', key]);
    expect(rowsOf(stdout).length).toBe(Number(row!.fwd_frames) + Number(row!.bwd_frames));
    expect(rowsOf((await run(['packets', office, ...where])).stdout)).toEqual([]);
    const explained = await run([
      'explain',
      office,
      '--anonymize',
      key,
      '--flow',
      row!.flow_id!,
      '--feature',
      'src_ip',
    ]);
    expect(explained.stdout.trimEnd().split('\n').at(-1)).toBe(`src_ip = ${row!.src_ip}`);
  });
});
