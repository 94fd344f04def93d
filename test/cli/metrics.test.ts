import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Health, HealthWatch } from '../../cli/operation/health.ts';
import { runMetrics } from '../../cli/operation/run-metrics.ts';
import { type RunView, shownTarget } from '../../cli/operation/run-view.ts';
import { factsOf } from './support/capture.ts';
import { addressOf, main, office, rowsOf, run, start, temporaryFolder } from './support/command.ts';
import { eventually, missing, need, python } from './support/needs.ts';

const folder = temporaryFolder();

/** Values of metrics by name and labels, of text in Prometheus's format. */
function valuesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

const metricsOf = async (url: string) => valuesOf(await (await fetch(`${url}/metrics`)).text());

/** A run that has read a capture from its standard input, so many times, and waits for more. */
async function waiting(words: readonly string[], times = 1) {
  const running = start(['flows', '-', '--metrics', '0', ...words], folder.path);
  const url = await addressOf(running);
  const file = readFileSync(office);
  running.child.stdin!.write(file);
  for (let i = 1; i < times; i += 1) running.child.stdin!.write(file.subarray(24));
  const frames = times * factsOf(file).frames;
  await eventually(async () => (await metricsOf(url)).get('packetloom_frames_read_total') === frames || undefined);
  return { ...running, url };
}

test('metrics say what has been read, and leave out what nobody knows', async (context) => {
  const { child, finished, url } = await waiting(['-o', 'rows.csv', '--idle-timeout', '1s']);
  try {
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    const values = valuesOf(text);
    const { frames, ip, bytes, last } = factsOf(readFileSync(office));
    const sum = (name: string) =>
      [...values].filter(([key]) => key.startsWith(name)).reduce((total, [, value]) => total + value, 0);
    expect(values.get('packetloom_frames_read_total')).toBe(frames);
    expect(values.get('packetloom_bytes_total')).toBe(bytes);
    expect(values.get('packetloom_last_frame_timestamp_seconds')).toBeCloseTo(last, 5);
    expect(values.get('packetloom_frames_used_total')).toBe(ip);
    expect(sum('packetloom_frames_used_total') + sum('packetloom_frames_skipped_total')).toBe(frames);
    expect(sum('packetloom_flows_ended_total')).toBe(values.get('packetloom_rows_total'));
    expect(values.get('packetloom_rows_total')).toBeGreaterThan(0);
    expect(values.get('packetloom_flows_open')).toBeGreaterThan(0);
    expect(values.get('packetloom_sink_failed{sink="csv",target="rows.csv"}')).toBe(0);
    expect(values.get('process_start_time_seconds')).toBeGreaterThan(1e9);
    // Nobody counts what was lost before a file was written.
    expect([...values.keys()].filter((name) => name.startsWith('packetloom_drops'))).toEqual([]);

    need(context, missing(python, '-c', 'import prometheus_client'));
    const script = `import sys
from prometheus_client.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
wrong = [f.name for f in families if not f.documentation or f.type not in ('counter', 'gauge', 'histogram')]
print(len(families), wrong)
print([s.value for f in families for s in f.samples if s.name == 'packetloom_frames_read_total'])`;
    const { stdout, stderr } = spawnSync(python, ['-c', script], { input: text, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\d\d \[\]\n\[1350(\.0)?\]\n$/);
  } finally {
    child.stdin!.end();
    await finished;
  }
});

test('health is 200 with what there is, and other addresses and methods are refused', async () => {
  const { child, finished, url } = await waiting(['-o', 'healthy.csv', '--quiet']);
  try {
    const response = await fetch(`${url}/health`);
    const health = (await response.json()) as Health;
    expect([response.status, health.status, health.problems]).toEqual([200, 'ok', []]);
    expect([health.frames, health.sources]).toEqual([1350, [{ name: '-', format: 'pcap', state: 'open' }]]);
    expect(health.sinks).toMatchObject([{ sink: 'csv', target: 'healthy.csv', state: 'ok', lost: 0 }]);
    expect(Number(health.lastFrame)).toBeCloseTo(factsOf(readFileSync(office)).last, 5);
    const status = async (path: string, method = 'GET') => (await fetch(url + path, { method })).status;
    expect([await status('/'), await status('/metrics/x'), await status('/constructor')]).toEqual([404, 404, 404]);
    expect([await status('/metrics', 'POST'), await status('/health', 'DELETE')]).toEqual([405, 405]);
  } finally {
    child.stdin!.end();
  }
  expect((await finished).code).toBe(0);
});

test('an output that fails makes health 503 and says why, and the other goes on', async () => {
  let used: number | undefined;
  // Each time the clock goes back and all flows end: more rows than wait for others to come.
  const { child, finished, url } = await waiting(['-o', 'goes-on.csv', '-o', 'jsonl:/dev/full'], 10);
  try {
    const response = await eventually(async () => {
      const one = await fetch(`${url}/health`);
      return one.status === 503 ? one : undefined;
    });
    const health = (await response.json()) as Health;
    expect(health.status).toBe('degraded');
    expect(health.problems).toEqual([expect.stringMatching(/^output jsonl \/dev\/full has failed: .*no space left/)]);
    const values = await metricsOf(url);
    expect(values.get('packetloom_sink_failed{sink="jsonl",target="/dev/full"}')).toBe(1);
    expect(values.get('packetloom_sink_failed{sink="csv",target="goes-on.csv"}')).toBe(0);
    used = values.get('packetloom_frames_used_total');
  } finally {
    child.stdin!.end();
  }
  expect((await finished).code).toBe(1);
  // Complete: each frame that was used is in one row.
  const rows = rowsOf(readFileSync(join(folder.path, 'goes-on.csv'), 'utf8'));
  const frames = rows.reduce((sum, row) => sum + Number(row.fwd_frames) + Number(row.bwd_frames), 0);
  expect(frames).toBe(used);
});

test('health is 503 while an interface is down, and 200 when it is back', async (context) => {
  need(context, process.getuid?.() === 0 ? missing('ip', 'netns', 'list') : 'needs root');
  const space = `packetloom-${process.pid}`;
  const ip = (...words: readonly string[]) => execFileSync('ip', words);
  const within = (...words: readonly string[]) =>
    spawnSync('ip', ['netns', 'exec', space, ...words], { encoding: 'utf8' });
  ip('netns', 'add', space);
  try {
    ip('-n', space, 'link', 'set', 'lo', 'up');
    ip('-n', space, 'link', 'add', 'west', 'type', 'veth', 'peer', 'name', 'east');
    for (const name of ['west', 'east']) ip('-n', space, 'link', 'set', name, 'up');
    const words = ['netns', 'exec', space, process.execPath, main, 'flows', '-i', 'west', '-o', 'west.csv'];
    const child = spawn('ip', [...words, '--metrics', '0'], { cwd: folder.path });
    try {
      child.stderr.setEncoding('utf8');
      const url = await addressOf({ child });
      const health = (code: string) => {
        const { stdout } = within('curl', '-s', '-w', '%{http_code}', `${url}/health`);
        return stdout.endsWith(code) ? (JSON.parse(stdout.slice(0, -3)) as Health) : undefined;
      };
      await eventually(() => health('200'));
      ip('-n', space, 'link', 'set', 'west', 'down');
      const away = await eventually(() => health('503'));
      expect(away.problems).toEqual(['interface west is away']);
      expect(away.sources).toEqual([{ name: 'west', format: 'live', state: 'away' }]);
      ip('-n', space, 'link', 'set', 'west', 'up');
      const back = await eventually(() => health('200'));
      expect([back.status, back.sources[0]!.state]).toEqual(['ok', 'open']);
    } finally {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
  } finally {
    ip('netns', 'delete', space);
  }
});

test('a port that is taken is refused before anything is opened', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as { port: number };
    const { code, stderr } = await run(['flows', office, '--metrics', String(port), '-o', 'never.csv'], {
      cwd: folder.path,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^packetloom: metrics: 127\\.0\\.0\\.1:${port}: the port is in use: .*\\n$`));
    expect(existsSync(join(folder.path, 'never.csv.partial'))).toBe(false);
  } finally {
    server.close();
  }
});

test.each(['x', '70000', '1.2.3.4', 'http://127.0.0.1:1'])('--metrics %s is no address', async (text) => {
  const { code, stderr } = await run(['flows', office, '--metrics', text]);
  expect([code, stderr]).toEqual([
    2,
    `packetloom: flows: --metrics ${text}: expected a port or host:port, such as 9477 or [::1]:9477\n`,
  ]);
});

const UNKNOWN = { kernel: null, interface: null, application: null };

/** A run with one output and one interface. */
function viewOf(output: object, input: object = {}, drops: object = {}): RunView {
  const state = {
    inputs: [{ name: 'eth0', format: 'live', frames: 5, blocksSkipped: 0, drops: UNKNOWN, ...input }],
    frames: { read: 5, used: 4, skipped: { truncated: 1 } },
    bytes: 500,
    flows: { rows: 2, snapshots: 0, notKept: 0, byEndReason: { idle: 2 } },
    fragments: { joined: 0, unmatched: 0 },
    anomalies: {},
    disorder: { frames: 0, steps: 0, reordered: 0 },
    drops: { ...UNKNOWN, ...drops },
    time: { first: null, last: null },
    openFlows: 1,
    clock: null,
  };
  const well = {
    sink: 'csv',
    target: 'a.csv',
    rows: 2,
    waiting: 0,
    spooled: 0,
    retrying: undefined,
    failure: undefined,
  };
  return {
    since: 0,
    live: true,
    state: () => state as unknown as ReturnType<RunView['state']>,
    outputs: () => [{ ...well, ...output }],
  };
}

test('health is degraded while an output is tried again, an interface is away, or rows were dropped lately', () => {
  const problemsOf = (view: RunView) => new HealthWatch(view).health().problems;
  expect(problemsOf(viewOf({}))).toEqual([]);
  expect(problemsOf(viewOf({ retrying: 'connection refused' }))).toEqual([
    'output csv a.csv is being tried again: connection refused',
  ]);
  expect(problemsOf(viewOf({}, { away: true }))).toEqual(['interface eth0 is away']);
  let lost = 0;
  const view = viewOf({});
  const dropping: RunView = {
    ...view,
    outputs: () => [{ ...view.outputs()[0]!, ...(lost > 0 ? { lost: { rows: lost, since: '', reason: '' } } : {}) }],
  };
  const watch = new HealthWatch(dropping);
  expect(watch.health(0).status).toBe('ok');
  lost = 3;
  expect(watch.health(1000).problems).toEqual(['rows are being dropped: an output is too slow']);
  expect([watch.health(60_999).status, watch.health(61_000).status]).toEqual(['degraded', 'ok']);
});

test('an interface that is away is told with how often it was, and what it lost', async () => {
  const drops = { kernel: 4, interface: null, application: 1 };
  const values = valuesOf(
    await runMetrics(viewOf({}, { away: true, interruptions: 2, received: 10, drops })).metrics(),
  );
  expect([...values].filter(([name]) => name.startsWith('packetloom_source'))).toEqual([
    ['packetloom_source_frames_total{source="eth0"}', 5],
    ['packetloom_source_received_total{source="eth0"}', 10],
    ['packetloom_source_drops_total{source="eth0",kind="kernel"}', 4],
    ['packetloom_source_drops_total{source="eth0",kind="application"}', 1],
    ['packetloom_source_interruptions_total{source="eth0"}', 2],
    ['packetloom_source_away{source="eth0"}', 1],
  ]);
});

test('a run that has not begun is not healthy yet', () => {
  expect(new HealthWatch({ ...viewOf({}), state: () => undefined }).health().status).toBe('starting');
});

test('drops have a series for each who knows them', async () => {
  const values = valuesOf(await runMetrics(viewOf({ target: 'x"\\y' }, {}, { kernel: 7, application: 0 })).metrics());
  const drops = [...values].filter(([name]) => name.startsWith('packetloom_drops'));
  expect(drops).toEqual([
    ['packetloom_drops_total{kind="kernel"}', 7],
    ['packetloom_drops_total{kind="application"}', 0],
  ]);
  expect([...values.keys()].filter((name) => name.startsWith('packetloom_source'))).toEqual([
    'packetloom_source_frames_total{source="eth0"}',
  ]);
  expect(values.get('packetloom_sink_rows_total{sink="csv",target="x\\"\\\\y"}')).toBe(2);
  expect(values.has('packetloom_last_frame_timestamp_seconds')).toBe(false);
});

test('a password in a target is not shown, and other targets are', () => {
  expect(shownTarget('store://me:p@ss:wd@host:1/x')).toBe('store://me:***@host:1/x');
  for (const target of ['a:b@c.csv', 'postgresql://me@host/db', 'tcp://[::1]:4739', 'kafka://a:1,b:2/topic', '-']) {
    expect(shownTarget(target)).toBe(target);
  }
});
