import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captureOf, type Datagram } from './support/capture.ts';
import { office, root, rowsOf, run, sharedCapture, start, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();

const BASIC =
  'flow_id,segment,src_ip,src_port,dst_ip,dst_port,protocol,start,end,duration,fwd_frames,bwd_frames,fwd_bytes,bwd_bytes,end_reason';

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
const three = folder.write('three.pcap', captureOf([there(1_000n), back(2_500n, 100), there(SECOND + 1_000n, 0)]));

describe('rows', () => {
  test('of one conversation have the fifteen columns of basic, exact', async () => {
    const { code, stdout } = await run(['flows', three]);
    expect(code).toBe(0);
    const [head, row, rest] = stdout.split('\n');
    expect(head).toBe(BASIC);
    expect(row!.slice(row!.indexOf(','))).toBe(
      ',0,10.0.0.1,5000,10.0.0.2,53,17,0.000001000,1.000001000,1.000000000,2,1,94,142,forced',
    );
    expect(row).toMatch(/^[0-9a-f]{16},/);
    expect(rest).toBe('');
  });

  test('come from standard input as well, gzip or not', async () => {
    const { stdout } = await run(['flows', three]);
    expect((await run(['flows', '-'], { input: readFileSync(three) })).stdout).toBe(stdout);
    const zipped = (await import('node:zlib')).gzipSync(readFileSync(three));
    expect((await run(['flows', '-'], { input: zipped })).stdout).toBe(stdout);
  });

  test('split at a gap of the idle timeout, to the nanosecond', async () => {
    const at = (last: bigint) => captureOf([there(0n), there(120n * SECOND - 1n), there(last)]);
    const split = rowsOf((await run(['flows', '-'], { input: at(240n * SECOND - 1n) })).stdout);
    expect(split.map((row) => row.fwd_frames)).toEqual(['2', '1']);
    const whole = rowsOf((await run(['flows', '-'], { input: at(240n * SECOND - 2n) })).stdout);
    expect(whole.map((row) => row.fwd_frames)).toEqual(['3']);
  });

  test('follow the options that say how to meter', async () => {
    const rows = async (...options: string[]) => rowsOf((await run(['flows', three, ...options])).stdout);
    expect((await rows('--unidirectional')).map((row) => [row.fwd_frames, row.bwd_frames])).toEqual([
      ['2', '0'],
      ['1', '0'],
    ]);
    expect((await rows('--idle-timeout', '500ms')).map((row) => row.end_reason)).toEqual(['idle', 'forced']);
    expect((await rows('--active-timeout', '500ms')).map((row) => row.segment)).toEqual(['0', '1']);
    expect(await rows('--key', 'addresses')).toHaveLength(1);
    expect((await rows('--where', 'udp.dstport == 53')).map((row) => [row.fwd_frames, row.bwd_frames])).toEqual([
      ['2', '0'],
    ]);
    expect(await rows('--keep', 'frames > 3')).toHaveLength(0);
    expect((await rows('--count', '1')).map((row) => row.fwd_frames)).toEqual(['1']);
  });

  test('have the columns that are asked for', async () => {
    const head = async (...options: string[]) => (await run(['flows', three, ...options])).stdout.split('\n', 1)[0];
    expect(await head('--feature', 'n=count()', '--feature', 'frames')).toBe(`${BASIC},n,frames`);
    expect(await head('--feature', 'frames=sum(frame.len)')).toBe(`${BASIC},frames`);
    const config = folder.write('two.json', '{"features": ["frames", {"name": "b", "value": "sum(frame.len)"}]}');
    expect(await head('-c', config)).toBe('frames,b');
    expect(await head('-c', config, '--feature', 'c=1')).toBe('frames,b,c');
    expect(await head('-c', config, '-p', 'basic')).toBe(BASIC);
    const { stdout } = await run(['flows', three, '-c', config, '--feature', 'b=max(frame.len)']);
    expect(stdout).toBe('frames,b\n3,142\n');
  });

  test('of several files are those of one run', async () => {
    const more = folder.write('more.pcap', captureOf([there(2n * SECOND), back(3n * SECOND)]));
    const rows = rowsOf((await run(['flows', three, more])).stdout);
    expect(rows.map((row) => [row.fwd_frames, row.bwd_frames, row.end])).toEqual([['3', '2', '3.000000000']]);
  });

  test('two captures 85 years apart keep every nanosecond', async () => {
    const captures = ['formats/time_2107.pcapng', 'transport/one_tcp_stream_fin_rst_close_packet.pcap'].map(
      sharedCapture,
    );
    if (captures.some((one) => one === undefined)) return;
    const { stdout } = await run(['flows', ...(captures as string[]), '--feature', 'g=min(gap(time))']);
    const rows = rowsOf(stdout).map(({ start: time, fwd_frames, bwd_frames, fwd_bytes, bwd_bytes, g }) => [
      time,
      Number(fwd_frames) + Number(bwd_frames),
      Number(fwd_bytes) + Number(bwd_bytes),
      g,
    ]);
    expect(rows).toEqual([
      ['4323283200.000000000', 1, 98, ''],
      ['1622110650.591424000', 13, 1075, '0.000002'],
    ]);
  });
});

describe('outputs', () => {
  test('several, by name, prefix and configuration, all with the same rows', async () => {
    const cwd = folder.path;
    const words = ['flows', office, '-o', 'a.csv', '-o', 'csv:a.txt', '-o', 'a.jsonl', '-o', '-'];
    const { code, stdout } = await run(words, { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'a.csv'), 'utf8')).toBe(stdout);
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe(stdout);
    const objects = readFileSync(join(cwd, 'a.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map(({ flow_id }) => flow_id)).toEqual(rowsOf(stdout).map(({ flow_id }) => flow_id));
    expect(objects).toHaveLength(161);
  });

  test('options of a sink stand in the configuration', async () => {
    const config = folder.write(
      'sink.json',
      '{"features": ["frames"], "sinks": [{"csv": {"path": "-", "header": false}}]}',
    );
    expect((await run(['flows', three, '-c', config])).stdout).toBe('3\n');
  });

  test('that cannot be written are one line and exit code 1', async () => {
    const { code, stderr } = await run(['flows', three, '-o', 'no/such/folder/x.csv'], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^packetloom: .*no\/such\/folder\/x\.csv.*\n$/);
  });

  test('a closed pipe ends the run quietly', async () => {
    // One row a frame, so that there is far more than a pipe holds.
    const { child, finished } = start(['flows', ...Array(20).fill(office), '--idle-timeout', '1ns']);
    child.stdout!.once('data', () => child.stdout!.destroy());
    const { code, stderr } = await finished;
    expect(code).toBe(0);
    expect(stderr).toBe('');
  });
});

describe('the summary', () => {
  test('accounts for every frame, on stderr and as JSON', async () => {
    const file = join(folder.path, 'summary.json');
    const { code, stderr } = await run(['flows', office, '-o', 'rows.csv', '--summary', file], { cwd: folder.path });
    expect(code).toBe(0);
    const summary = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(summary)).toEqual([
      'schema',
      'version',
      'configuration',
      'inputs',
      'frames',
      'bytes',
      'flows',
      'fragments',
      'anomalies',
      'disorder',
      'drops',
      'time',
      'seconds',
      'outputs',
    ]);
    expect(summary.inputs).toEqual([{ name: office, format: 'pcap', frames: 1350, blocksSkipped: 0 }]);
    const { read, used, skipped } = summary.frames;
    expect(read).toBe(1350);
    expect(used + (Object.values(skipped) as number[]).reduce((sum, count) => sum + count, 0)).toBe(1350);
    // The record headers take 16 bytes each, the file header 24; nothing is cut in this capture.
    expect(summary.bytes).toBe(statSync(office).size - 24 - 16 * 1350);
    const rows = rowsOf(readFileSync(join(folder.path, 'rows.csv'), 'utf8'));
    const frames = rows.reduce((sum, row) => sum + Number(row.fwd_frames) + Number(row.bwd_frames), 0);
    expect(frames).toBe(used);
    expect(summary.flows.rows).toBe(rows.length);
    expect((Object.values(summary.flows.byEndReason) as number[]).reduce((sum, count) => sum + count, 0)).toBe(
      rows.length,
    );
    expect(summary.outputs).toEqual([{ sink: 'csv', target: 'rows.csv', rows: rows.length }]);
    expect(summary.drops).toEqual({ kernel: null, interface: null, application: null });
    expect(stderr).toContain(`1,350 read = ${used.toLocaleString('en-US')} used + ${read - used} skipped`);
  });

  test('has the same hash for the same settings, however they are said, and another for others', async () => {
    const hash = async (...options: string[]) => {
      const file = join(folder.path, 'hash.json');
      await run(['flows', three, '--quiet', '--summary', file, ...options]);
      return JSON.parse(readFileSync(file, 'utf8')).configuration;
    };
    const config = folder.write(
      'hash-config.json',
      '{"flow": {"idleTimeout": "2m"}, "features": [{"preset": "basic"}]}',
    );
    const plain = await hash();
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash('-c', config)).toBe(plain);
    expect(await hash('-p', 'basic', '-o', join(folder.path, 'elsewhere.csv'))).toBe(plain);
    expect(await hash('--idle-timeout', '119s')).not.toBe(plain);
  });

  test('is not printed with --quiet', async () => {
    expect((await run(['flows', three, '--quiet'])).stderr).toBe('');
  });
});

describe('damaged input', () => {
  test('ends with 3, says file, place and reason, and keeps every row', async () => {
    // 24 bytes of file header, a record of 16 + 52, then a record whose 142 bytes are cut after 40: damage at byte 92.
    const cut = folder.write('cut.pcap', readFileSync(three).subarray(0, 24 + 68 + 16 + 40));
    const file = join(folder.path, 'cut.json');
    const { code, stdout, stderr } = await run(['flows', cut, '--summary', file]);
    expect(code).toBe(3);
    expect(rowsOf(stdout).map((row) => row.fwd_frames)).toEqual(['1']);
    expect(stderr).toMatch(new RegExp(`^packetloom: ${cut}: damaged at byte 92: .+\n`));
    expect(JSON.parse(readFileSync(file, 'utf8')).inputs[0].damaged).toMatchObject({ offset: 92 });
  });

  test('on standard input as well', async () => {
    const capture = sharedCapture('flows/skype.pcap');
    if (capture === undefined) return;
    const file = join(folder.path, 'skype.json');
    const { code } = await run(['flows', '-', '--summary', file], { input: readFileSync(capture).subarray(0, 20_000) });
    expect(code).toBe(3);
    const { inputs } = JSON.parse(readFileSync(file, 'utf8'));
    expect(inputs[0]).toMatchObject({ frames: 87, damaged: { offset: 19_114 } });
  });

  test('a sink that fails beats it', async () => {
    const cut = folder.write('cut2.pcap', readFileSync(three).subarray(0, 100));
    expect((await run(['flows', cut, '-o', 'no/folder/x.csv'], { cwd: folder.path })).code).toBe(1);
  });
});

describe('signals', () => {
  /** A run over standard input that stays open, as soon as it has read what was written. */
  const waiting = async (...options: string[]) => {
    const running = start(['flows', '-', ...options], folder.path);
    running.child.stdin!.write(readFileSync(three));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return running;
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a run over files with %i, rows so far complete', async (signal, expected) => {
    const { child, finished } = await waiting('-o', `${signal}.csv`);
    child.kill(signal);
    const { code } = await finished;
    expect(code).toBe(expected);
    expect(rowsOf(readFileSync(join(folder.path, `${signal}.csv`), 'utf8')).map((row) => row.fwd_frames)).toEqual([
      '2',
    ]);
    expect(existsSync(join(folder.path, `${signal}.csv.partial`))).toBe(false);
  });

  test('a run that never waits for its input sees them too', async () => {
    const { child, finished } = start(['flows', ...Array(4000).fill(office), '-o', 'long.csv'], folder.path);
    setTimeout(() => child.kill('SIGINT'), 1500);
    const { code, stderr } = await finished;
    expect(code).toBe(130);
    const rows = rowsOf(readFileSync(join(folder.path, 'long.csv'), 'utf8'));
    const used = Number(/= ([\d,]+) used/.exec(stderr)![1]!.replaceAll(',', ''));
    expect(rows.reduce((sum, row) => sum + Number(row.fwd_frames) + Number(row.bwd_frames), 0)).toBe(used);
  });

  test('a second one ends it at once', async () => {
    // A pipe that nobody reads holds the run up after the first one.
    const { child, finished } = start(['flows', ...Array(100).fill(office), '--idle-timeout', '1ns']);
    child.stdout!.pause();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(child.exitCode).toBe(130);
    child.stdout!.resume();
    await finished;
  });
});

describe('--print-config', () => {
  test('prints what is in effect, which says the same again', async () => {
    const words = [
      'flows',
      '--idle-timeout',
      '90s',
      '-p',
      'basic',
      '--feature',
      'x=count()',
      '--where',
      'udp.port == 53',
    ];
    const first = await run([...words, '--print-config']);
    expect(first.code).toBe(0);
    const config = JSON.parse(first.stdout);
    expect(config.flow).toEqual({
      key: ['addresses', 'protocol', 'ports'],
      bidirectional: true,
      idleTimeout: '90s',
      activeTimeout: '30m',
      tcpLinger: '5s',
      clockStep: '10s',
      maxFlows: 1_000_000,
      disorder: 'clamp',
      direction: 'first',
      reorder: '0s',
      tunnels: 'inner',
      maxFragments: 4096,
      fragmentTimeout: '30s',
      nonIp: false,
      homeNetworks: [],
      communityIdSeed: 0,
    });
    expect(config.features).toEqual([{ preset: 'basic' }, { name: 'x', value: 'count()' }]);
    const file = folder.write('printed.json', first.stdout);
    expect((await run(['flows', '-c', file, '--print-config'])).stdout).toBe(first.stdout);
  });

  test('paths of plugins start from the current folder', async () => {
    const config = folder.write('plugged.json', JSON.stringify({ plugins: ['./turns.ts'], features: ['turns'] }));
    folder.write('turns.ts', readFileSync(join(root, 'examples', 'turns-feature.ts')));
    const printed = JSON.parse(
      (await run(['flows', '-c', config, '--print-config'], { cwd: join(folder.path, '..') })).stdout,
    );
    expect(printed.plugins).toEqual([`./${folder.path.split('/').at(-1)}/turns.ts`]);
    expect((await run(['flows', three, '-c', config])).stdout).toBe('turns\n2\n');
  });
});
