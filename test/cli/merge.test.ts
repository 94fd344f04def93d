import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { has, required } from '../flows/support.ts';
import { main, office, root, rowsOf, run, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();
const dhcp = join(root, 'examples', 'captures', 'dhcp.pcap');
const pings = join(root, 'examples', 'captures', 'pings.pcap');

describe.skipIf(!has('mergecap'))('--merge of captures', () => {
  const merged = join(folder.path, 'merged.pcap');
  // Frames of one time do not occur in these.
  beforeAll(() => execFileSync('mergecap', ['-F', 'pcap', '-w', merged, office, dhcp, pings]));

  test('flows are those of what mergecap writes', async () => {
    const words = ['-p', 'statistical', '--summary', join(folder.path, 'summary.json')];
    const { code, stdout } = await run(['flows', '--merge', office, dhcp, pings, ...words]);
    expect(code).toBe(0);
    expect(stdout).toBe((await run(['flows', merged, '-p', 'statistical'])).stdout);
    const { inputs, disorder } = JSON.parse(readFileSync(join(folder.path, 'summary.json'), 'utf8'));
    expect(inputs.map(({ name }: { name: string }) => name)).toEqual([office, dhcp, pings]);
    expect(disorder.steps).toBe(0);
  });

  test('packets too, with the flows of frames', async () => {
    const fields = ['--fields', 'frame.number,frame.time_epoch,ip.src,flow_id'];
    const { stdout } = await run(['packets', '--merge', office, dhcp, pings, ...fields]);
    expect(stdout).toBe((await run(['packets', merged, ...fields])).stdout);
  });

  test('explain shows the frames of the merged run', async () => {
    const [row] = rowsOf((await run(['flows', merged])).stdout);
    const words = ['--flow', row!.flow_id!, '--feature', 'fwd_bytes'];
    const { code, stdout } = await run(['explain', '--merge', pings, dhcp, office, ...words]);
    expect(code).toBe(0);
    expect(stdout).toBe((await run(['explain', merged, ...words])).stdout);
  });

  test('a damaged file: exit code 3, and the others are read', async () => {
    const cut = folder.write('cut.pcap', readFileSync(office).subarray(0, 3000));
    const { code, stderr } = await run(['flows', '--merge', cut, dhcp, '--quiet']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^packetloom: .*cut\.pcap: damaged at byte \d+: record (header )?cut short/);
  });
});

function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  return ['ip', 'tcpreplay', 'dumpcap'].find((program) => !has(program));
}
const why = obstacle();
if (why !== undefined && required) throw new Error(`tests of merged interfaces: ${why}`);
if (why !== undefined) console.log(`skipped: merged interfaces: ${why}`);

describe.skipIf(why !== undefined)('--merge of interfaces', () => {
  const name = `pl-merge-${process.pid}`;
  beforeAll(() => {
    execFileSync('ip', ['netns', 'add', name]);
    const inside = (...words: string[]) => execFileSync('ip', ['netns', 'exec', name, ...words], { stdio: 'ignore' });
    inside('sysctl', '-w', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1');
    inside('ip', 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two');
    for (const link of ['one', 'two']) inside('ip', 'link', 'set', link, 'up');
  });
  afterAll(() => {
    spawnSync('ip', ['netns', 'delete', name]);
  });

  /** Runs the command in the namespace while a capture is sent out of one end of the cable: each frame is seen at both. */
  async function live(words: readonly string[]): Promise<string> {
    const child = spawn('ip', ['netns', 'exec', name, process.execPath, main, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = once(child, 'close');
    try {
      // Until it listens to both: packet sockets of a namespace are listed in it.
      const listening = (): boolean => {
        const table = execFileSync('ip', ['netns', 'exec', name, 'cat', '/proc/net/packet']).toString();
        // Columns: address, count, type, protocol, interface, running ...
        const sockets = table
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.trim().split(/\s+/));
        return new Set(sockets.filter((one) => one[5] === '1').map((one) => one[4])).size === 2;
      };
      for (let i = 0; !listening(); i += 1) {
        if (i > 200 || child.exitCode !== null) throw new Error(`it does not listen: ${stderr}`);
        await pause(50);
      }
      execFileSync('ip', ['netns', 'exec', name, 'tcpreplay', '-q', '-i', 'one', '--pps', '2000', office], {
        stdio: 'ignore',
      });
      const [code] = await ended;
      expect(code, stderr).toBe(0);
      return stdout;
    } finally {
      child.kill('SIGKILL');
    }
  }

  const interfaces = ['-i', 'one', '-i', 'two', '--merge', '--source', 'dumpcap'];

  test('packets: frames of both in one order of time, the held ones too', async () => {
    const fields = 'frame.number,frame.time_epoch,frame.interface_name,frame.len';
    const rows = rowsOf(await live(['packets', ...interfaces, '--fields', fields, '--count', '2700']));
    const times = rows.map((row) => row['frame.time_epoch']!);
    expect(times).toHaveLength(2700);
    // Text of equal length sorts as numbers do.
    expect(times).toEqual([...times].sort());
    for (const link of ['one', 'two'])
      expect(rows.filter((row) => row['frame.interface_name'] === link)).toHaveLength(1350);
    expect(rows.map((row) => row['frame.number'])).toEqual(rows.map((_, i) => String(i + 1)));
    // Merged, and not one behind the other.
    const changes = rows.filter(
      (row, i) => i > 0 && row['frame.interface_name'] !== rows[i - 1]!['frame.interface_name'],
    );
    expect(changes.length).toBeGreaterThan(100);
  });

  test('flows: no disorder is left, and each has its frames twice', async () => {
    const summary = join(folder.path, 'live.json');
    const csv = await live(['flows', ...interfaces, '--count', '2700', '--summary', summary, '--quiet']);
    const { frames, disorder } = JSON.parse(readFileSync(summary, 'utf8'));
    expect(frames).toMatchObject({ read: 2700, used: 2 * 1224 });
    expect(disorder).toMatchObject({ frames: 0, steps: 0 });
    const twice = rowsOf(csv).map((row) => Number(row.fwd_frames) + Number(row.bwd_frames));
    expect(twice.every((count) => count % 2 === 0)).toBe(true);
  });
});
