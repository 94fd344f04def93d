import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flowsCommand } from '../../cli/declare-flows.ts';
import { main, root, run, temporaryFolder } from './support/command.ts';
import { missing, need } from './support/needs.ts';

const folder = temporaryFolder();
const example = join(root, 'examples', 'systemd');
const unit = readFileSync(join(example, 'packetloom@.service'), 'utf8');

/** Values of a setting, in order. */
const valuesOf = (name: string): string[] =>
  unit.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));

test('the unit uses options that there are, and nothing that the command would not understand', async () => {
  const [command, name, ...words] = valuesOf('ExecStart')[0]!.split(' ');
  expect([command, name]).toEqual(['packetloom', 'flows']);
  const known = flowsCommand().options.map(({ long }) => long);
  const options = words.filter((word) => word.startsWith('-'));
  expect(options.length).toBeGreaterThan(3);
  for (const option of options) expect(known).toContain(option);
  // With the variables of the unit, and --print-config in place of a capture.
  const variables = new Map(valuesOf('Environment').map((one) => one.split('=', 2) as [string, string]));
  const values = words.map((word) => word.replace(/\$\{(\w+)\}/, (_, variable) => variables.get(variable)!));
  const configuration = values.indexOf('/etc/packetloom/packetloom.json');
  expect(configuration).toBeGreaterThan(0);
  values[configuration] = join(example, 'packetloom.json');
  const { code, stdout, stderr } = await run(['flows', ...values, '--print-config'], { cwd: folder.path });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout).sinks).toEqual(JSON.parse(readFileSync(join(example, 'packetloom.json'), 'utf8')).sinks);
});

test('a stop tells the program only, a reload asks for new files, and a failure starts it anew', () => {
  const settings = ['KillMode', 'KillSignal', 'ExecReload', 'Restart', 'NoNewPrivileges', 'AmbientCapabilities'];
  expect(settings.map((name) => valuesOf(name))).toEqual([
    ['mixed'],
    ['SIGTERM'],
    ['/bin/kill -HUP $MAINPID'],
    ['on-failure'],
    ['yes'],
    ['CAP_NET_RAW CAP_NET_ADMIN'],
  ]);
  // The capabilities that the program has are all that it could have.
  expect(valuesOf('CapabilityBoundingSet')).toEqual(valuesOf('AmbientCapabilities'));
});

test('systemd finds nothing wrong with the unit', (context) => {
  need(context, missing('systemd-analyze', '--version'));
  // The program where it is here.
  const file = folder.write('packetloom@eth0.service', unit.replace('ExecStart=packetloom', `ExecStart=${main}`));
  const verify = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  const ours = verify.stderr.split('\n').filter((line) => line.includes('packetloom'));
  expect([verify.status, ours]).toEqual([0, []]);
  const security = ['security', '--offline=true', '--threshold=25', '--no-pager', file];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', security, { encoding: 'utf8' });
  // Exit code 0: the exposure is 2.5 or less on a scale of 10.
  expect([status, stderr, /exposure level .*: (\d)/.exec(stdout)?.[1]]).toEqual([0, '', '2']);
});
