import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { addressOf, dist, office, root, rowsOf, start, temporaryFolder } from './support/command.ts';
import { eventually, need } from './support/needs.ts';

const folder = temporaryFolder();
// The user that the program becomes makes its files here.
chmodSync(folder.path, 0o777);

/** The command where that user may read it: this folder may be root's own. */
const main = join(folder.path, 'program', 'dist', 'cli', 'main.js');

beforeAll(() => {
  const program = join(folder.path, 'program');
  cpSync(dist, join(program, 'dist'), { recursive: true });
  // The capturing child of `cap` is the user too, and all other packages are bundled.
  for (const name of ['package.json', 'dissectors/data', 'node_modules/cap']) {
    cpSync(join(root, name), join(program, name), { recursive: true });
  }
  copyFileSync(office, join(folder.path, 'office.pcap'));
});

/** Of Debian's users, one with nothing. */
const USER = 'nobody';
const idOf = (option: string) => Number(spawnSync('id', [option, USER], { encoding: 'utf8' }).stdout);
const [uid, gid] = [idOf('-u'), idOf('-g')];

const run = (...words: readonly string[]) => start(words, folder.path, main).finished;

beforeEach((context) => {
  need(context, process.getuid?.() === 0 && existsSync('/proc/self/status') ? undefined : 'needs root on Linux');
});

/** Lines of a process's status by name: numbers with spaces between them. */
function statusOf(pid: number): ReadonlyMap<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return new Map(
    lines.map((line) => [
      line.split(':', 1)[0]!,
      line
        .replace(/^\w+:\s*/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    ]),
  );
}

/** Processes that a process has started. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return statusOf(one).get('PPid') === String(pid);
      } catch {
        return false; // it has ended
      }
    });

test.each(['dumpcap', 'tcpdump', 'cap'])(
  'with %s the program is another user once it captures, for good',
  async (source) => {
    const output = join(folder.path, `${source}.csv`);
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const words = ['flows', '-i', 'lo', '--source', source, '-f', `udp port ${port}`, '-o', output, '--user', USER];
    const running = start([...words, '--quiet', '--metrics', '0'], folder.path, main);
    const { child, finished } = running;
    try {
      const url = await addressOf(running);
      // Outputs are opened when rights have been given up.
      await eventually(() => existsSync(`${output}.partial`) || undefined);
      const four = (id: number) => Array(4).fill(id).join(' ');
      const status = statusOf(child.pid!);
      expect([status.get('Uid'), status.get('Gid'), status.get('Groups')]).toEqual([four(uid), four(gid), String(gid)]);
      for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) expect(Number(`0x${status.get(name)}`)).toBe(0);
      const children = childrenOf(child.pid!);
      expect(children.map((one) => statusOf(one).get('Uid'))).toEqual([four(uid)]);
      await eventually(async () => {
        socket.send('a datagram', port, '127.0.0.1');
        const metrics = await (await fetch(`${url}/metrics`)).text();
        return Number(/^packetloom_frames_read_total (\d+)$/m.exec(metrics)?.[1]) > 0 || undefined;
      });
      child.kill('SIGTERM');
      const { code, stderr } = await finished;
      expect([code, stderr.split('\n').length]).toEqual([0, 2]);
      // It could be asked to end, and has.
      expect(children.filter((one) => existsSync(`/proc/${one}`))).toEqual([]);
    } finally {
      child.kill('SIGKILL');
      socket.close();
    }
    expect([statSync(output).uid, statSync(output).gid]).toEqual([uid, gid]);
    expect(rowsOf(readFileSync(output, 'utf8')).map(({ dst_port }) => dst_port)).toEqual([String(port)]);
  },
);

test('a group can be named, and files are read with the rights of the user', async () => {
  const { code, stderr } = await run('flows', 'office.pcap', '-o', 'group.csv', '--user', `${USER}:games`, '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  const games = Number(spawnSync('id', ['-g', 'games'], { encoding: 'utf8' }).stdout);
  const { uid: owner, gid: group } = statSync(join(folder.path, 'group.csv'));
  expect([owner, group]).toEqual([uid, games]);
  const secret = folder.write('secret.pcap', readFileSync(office));
  chmodSync(secret, 0o600);
  const refused = await run('flows', secret, '-o', 'secret.csv', '--user', USER);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/secret\.pcap: permission denied\n$/)]);
});

test.each([
  ['nosuchuser', 'no such user "nosuchuser"'],
  [`${USER}:nosuchgroup`, 'no such group "nosuchgroup"'],
  ['root', 'this keeps rights of root: name a user and a group without any'],
  [`${USER}:root`, 'this keeps rights of root: name a user and a group without any'],
  ['-x', 'expected a user, or user:group'],
])('--user %s is refused', async (user, why) => {
  const { code, stderr } = await run('flows', 'office.pcap', `--user=${user}`);
  expect([code, stderr]).toEqual([2, `packetloom: flows: --user ${user}: ${why}\n`]);
});

test('who is not root cannot become another user', () => {
  const words = ['--reuid', USER, '--clear-groups', process.execPath, main, 'flows', 'office.pcap', '--user', 'games'];
  const { status, stderr } = spawnSync('setpriv', words, { encoding: 'utf8', cwd: folder.path });
  expect([status, stderr]).toEqual([
    2,
    'packetloom: flows: --user games: only root can become another user: leave the option out, or start as root\n',
  ]);
});
