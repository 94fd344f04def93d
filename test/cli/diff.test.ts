import { describe, expect, test } from 'vitest';
import { run, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();

const configuration = (name: string, value: unknown): string => folder.write(name, JSON.stringify(value));

describe('diff', () => {
  test('two presets: names that mean the same stand together', async () => {
    const { code, stdout, stderr } = await run(['diff', 'basic', 'cicflowmeter-2017']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('  fwd_frames = Total Fwd Packets\n');
    expect(stdout).toContain('  duration = Flow Duration: s, us: duration\n');
    expect(stdout).toContain('only in cicflowmeter-2017\n');
    expect(stdout).toContain('  activeTimeout: 30m, 120s\n');
  });

  test('two configurations, as JSON', async () => {
    const first = configuration('a.json', { features: [{ name: 'mean', value: 'mean(frame.len, forward)' }] });
    const second = configuration('b.json', { features: ['fwd_len_mean'], flow: { idleTimeout: '1m' } });
    const { code, stdout } = await run(['diff', first, second, '--json']);
    expect(code).toBe(0);
    const expression = 'mean(frame.len, forward)';
    expect(JSON.parse(stdout)).toEqual({
      columns: [
        {
          relation: 'same',
          first: { name: 'mean', expression, unit: 'bytes' },
          second: { name: 'fwd_len_mean', expression, unit: 'bytes' },
        },
      ],
      settings: [{ name: 'idleTimeout', first: '120s', second: '60s' }],
    });
  });

  test.each<[string, string[], string]>([
    [
      'a preset that is not',
      ['basic', 'statistic'],
      'packetloom: diff: no such preset "statistic"; did you mean statistical?\n',
    ],
    [
      'a file that is not',
      ['basic', 'none.json'],
      'packetloom: configuration: none.json: cannot be read: no such file\n',
    ],
    ['one side only', ['basic'], "packetloom: diff: missing required argument 'second'\n"],
  ])('%s', async (_, words, message) => {
    expect(await run(['diff', ...words])).toMatchObject({ code: 2, stdout: '', stderr: message });
  });

  test('an expression that is wrong is reported with its place', async () => {
    const file = configuration('wrong.json', { features: [{ name: 'x', value: 'mean(frame.lenn)' }] });
    const { code, stderr } = await run(['diff', 'basic', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/wrong\.json:1:\d+: features\[0\]\.value: .*no such field.*did you mean frame\.len\?/);
  });
});
