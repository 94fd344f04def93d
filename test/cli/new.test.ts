import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dist, rowsOf, run } from './support/command.ts';

/** A folder as a new user has it: the package is installed, and nothing else is there. */
function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'packetloom-new-'));
  afterAll(() => rmSync(path, { recursive: true }));
  mkdirSync(join(path, 'node_modules'));
  symlinkSync(join(dist, '..'), join(path, 'node_modules', 'packetloom'));
  return path;
}

/** Runs the generated tests as the file says. */
function nodeTest(cwd: string) {
  const { status, stdout } = spawnSync(process.execPath, ['--test'], { cwd, encoding: 'utf8' });
  return { status, passed: Number(/^# pass (\d+)$/m.exec(stdout)?.[1]), stdout };
}

describe.each([
  ['dissector', 'my-sensor', ['my-sensor.pcap', 'my-sensor.test.mjs', 'my-sensor.ts'], 4],
  ['feature', 'upload-share', ['upload-share.pcap', 'upload-share.test.mjs', 'upload-share.ts'], 1],
  ['sink', 'pairs', ['pairs.pcap', 'pairs.test.mjs', 'pairs.ts'], 1],
  ['source', 'hexlines', ['hexlines.test.mjs', 'hexlines.ts'], 1],
])('packetloom new %s', (kind, name, files, tests) => {
  const folder = emptyFolder();

  test('writes its files, and the test passes as it is', async () => {
    const { code, stdout, stderr } = await run(['new', kind, name], { cwd: folder });
    expect({ code, stdout: stdout.trim().split('\n').toSorted() }).toEqual({ code: 0, stdout: files });
    expect(stderr).toContain('node --test');
    expect(readdirSync(folder).toSorted()).toEqual([...files, 'node_modules'].toSorted());
    const before = files.map((file) => readFileSync(join(folder, file)));
    const result = nodeTest(folder);
    expect(result.status, result.stdout).toBe(0);
    expect(result.passed).toBe(tests);
    // The sample that the test writes is the one that was there.
    expect(files.map((file) => readFileSync(join(folder, file)))).toEqual(before);
    expect(readdirSync(folder).toSorted()).toEqual([...files, 'node_modules'].toSorted());
  });

  test('what it says to try next works', async () => {
    const again = mkdtempSync(join(folder, 'again-'));
    const { stderr } = await run(['new', kind, name], { cwd: again });
    const commands = stderr.split('\n').filter((line) => line.includes('npx packetloom'));
    expect(commands).toHaveLength(1);
    const words = commands[0]!.trim().split(' ').slice(2);
    const { code, stderr: said } = await run(words, { cwd: again });
    expect(code, said).toBe(0);
  });

  test('never touches what is there', async () => {
    writeFileSync(join(folder, `${name}.ts`), 'mine');
    rmSync(join(folder, `${name}.test.mjs`), { force: true });
    const { code, stderr } = await run(['new', kind, name], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^packetloom: new: .*is there already, and is not overwritten\n$/);
    expect(readFileSync(join(folder, `${name}.ts`), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).not.toContain(`${name}.test.mjs`);
  });
});

test('a new protocol is everywhere without another file edited', async () => {
  const folder = emptyFolder();
  const call = async (...words: string[]) => {
    const { code, stdout, stderr } = await run(words, { cwd: folder });
    expect(code, stderr).toBe(0);
    return stdout;
  };
  await call('new', 'dissector', 'my-sensor');
  const plugin = ['--plugin', './my-sensor.ts'];
  expect(await call('list', 'dissectors', ...plugin)).toMatch(/^my-sensor +my-sensor$/m);
  expect(await call('list', 'fields', ...plugin)).toMatch(/^my_sensor\.sequence +Sequence \(uint\)$/m);
  expect(await call('describe', 'my_sensor.kind', ...plugin)).toContain('2: alarm');
  expect(await call('schema', ...plugin)).toContain('"my-sensor"');
  writeFileSync(
    join(folder, 'flows.json'),
    JSON.stringify({
      plugins: ['./my-sensor.ts'],
      features: [{ name: 'top', value: 'max(my_sensor.value)' }],
      where: 'my_sensor.urgent',
    }),
  );
  expect(await call('check', 'flows.json')).toContain('valid');
  expect(rowsOf(await call('flows', 'my-sensor.pcap', '-c', 'flows.json', '--quiet'))).toEqual([{ top: '300' }]);
  const [frame] = JSON.parse(await call('inspect', 'my-sensor.pcap', '--json', ...plugin));
  expect(frame.layers.at(-1).name).toBe('my-sensor');
  const cells = await call('packets', 'my-sensor.pcap', '-e', 'my_sensor.value', '--no-header', ...plugin);
  expect(cells.trim()).toBe('300');
});

test('a protocol in JSON is everywhere too', async () => {
  const folder = emptyFolder();
  const call = async (...words: string[]) => {
    const { code, stdout, stderr } = await run(words, { cwd: folder });
    expect(code, stderr).toBe(0);
    return stdout;
  };
  await call('new', 'dissector', 'my-sensor'); // for its capture
  const fields = [
    { name: 'json.version', bits: 4, equals: 1 },
    { name: 'json.kind', bits: 4 },
    { unused: 8 },
    { name: 'json.value', type: 'uint16' },
  ];
  const claims = [{ table: 'udp.port', number: 9999 }];
  const configuration = {
    dissectors: [{ name: 'json', title: 'In JSON', claims, fields }],
    features: [{ name: 'top', value: 'max(json.value)' }],
  };
  writeFileSync(join(folder, 'own.json'), JSON.stringify(configuration));
  expect(rowsOf(await call('flows', 'my-sensor.pcap', '-c', 'own.json', '--quiet'))).toEqual([{ top: '300' }]);
  expect(await call('check', 'own.json')).toContain('valid');
  const printed = JSON.parse(await call('flows', '-c', 'own.json', '--print-config'));
  expect(printed.dissectors).toEqual(configuration.dissectors);
  const plugin = ['--plugin', 'own.json'];
  expect(await call('list', 'dissectors', ...plugin)).toMatch(/^json +In JSON$/m);
  expect(await call('schema', ...plugin)).toContain('"json"');
  const [frame] = JSON.parse(await call('inspect', 'my-sensor.pcap', '--json', ...plugin));
  expect(frame.layers.at(-1).fields.at(-1)).toMatchObject({ name: 'json.value', value: '300', offset: 44, length: 2 });
  writeFileSync(join(folder, 'other.json'), JSON.stringify({ features: [] }));
  const { code, stderr } = await run(['list', 'dissectors', '--plugin', 'other.json'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe('packetloom: plugin: other.json: no plugin; expected "dissectors": [...] in a JSON file\n');
});

test.each([
  [['new', 'disector', 'x'], /^packetloom: new: no such kind "disector"; did you mean dissector\?\n$/],
  [['new', 'dissector', 'My Protocol'], /^packetloom: new: "My Protocol": expected a name of small letters/],
  [['new', 'dissector', '../x'], /expected a name of small letters/],
  [['new', 'dissector', 'dns'], /^packetloom: new: dissector "dns" is already there; see packetloom describe dns\n$/],
  [['new', 'dissector'], /^packetloom: new: missing required argument 'name'\n$/],
])('refuses %j', async (words, expected) => {
  const { code, stderr } = await run(words, { cwd: emptyFolder() });
  expect(stderr).toMatch(expected);
  expect(code).toBe(2);
});

test('its help names an example that runs', async () => {
  const { stdout } = await run(['new', '--help']);
  expect(stdout).toContain('packetloom new dissector my-protocol');
});
