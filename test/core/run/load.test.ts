import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createRegistry } from '../../../core/declare/registry.ts';
import { loadPlugin, loadPlugins } from '../../../core/run/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'packetloom-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const load = (name: string) => loadPlugin({ name, base: folder });

const TYPESCRIPT = `
import { defineDissector, defineFeature, definePlugin, defineTable, header, uint16 } from 'packetloom/plugin';
const unit: string = 'bytes';
const port = defineTable('load.port', 'Ports');
export default definePlugin({
  name: 'typed',
  dissectors: [defineDissector({ name: 'load', title: 'Load', claims: [port.at(1)], fields: header({ a: uint16('load.a') }) })],
  features: [defineFeature({ name: 'load.feature', description: 'One', value: '1', unit })],
});
`;

describe('a plugin', () => {
  test('in TypeScript is loaded as it is, with the running engine', async () => {
    write('typed.ts', TYPESCRIPT);
    const plugin = await load('./typed.ts');
    const registry = createRegistry([plugin]);
    expect([...registry.features.keys()]).toEqual(['load.feature']);
    // The dissector's readers are the engine's: bytes 0x01 0x02 are 258.
    expect(registry.fields.get('load.a')![0]!.field.read(new Uint8Array([1, 2]), 0)).toBe(258);
  });

  test('may import other TypeScript files beside it', async () => {
    write('parts/name.ts', `export const name: string = 'parted';`);
    write(
      'parts/index.ts',
      `import { definePlugin } from 'packetloom/plugin';\nimport { name } from './name.ts';\nexport default definePlugin({ name });`,
    );
    expect((await load('parts/index.ts')).name).toBe('parted');
  });

  test('in JavaScript is loaded from a folder that has no packetloom', async () => {
    write(
      'plain.mjs',
      `import { definePlugin } from 'packetloom/plugin';\nexport default definePlugin({ name: 'plain' });`,
    );
    expect((await load('./plain.mjs')).name).toBe('plain');
  });

  test('of another copy of the package is taken by what it says, without its class', async () => {
    write('foreign.mjs', `export default { kind: 'plugin', name: 'foreign', sinks: [] };`);
    const plugin = await load('foreign.mjs');
    expect(plugin).toMatchObject({ kind: 'plugin', name: 'foreign', sinks: [], features: [], dissectors: [] });
  });

  test('in CommonJS is unwrapped', async () => {
    write('old.cjs', `module.exports = { __esModule: true, default: { kind: 'plugin', name: 'old' } };`);
    expect((await load('./old.cjs')).name).toBe('old');
  });

  test('by the name of a package is looked up from the configuration, also where it is for import only', async () => {
    const text = `export default { kind: 'plugin', name: 'packaged' };`;
    write('node_modules/one/package.json', '{"name":"one","type":"module","main":"index.js"}');
    write('node_modules/one/index.js', text);
    write(
      'node_modules/@scope/two/package.json',
      '{"name":"@scope/two","type":"module","exports":{"import":"./two.js"}}',
    );
    write('node_modules/@scope/two/two.js', text.replace('packaged', 'scoped'));
    const [one, two] = await loadPlugins(['one', '@scope/two'].map((name) => ({ name, base: folder })));
    expect([one!.name, two!.name]).toEqual(['packaged', 'scoped']);
  });

  test('that is named twice is loaded once', async () => {
    write('twice.mjs', `export default { kind: 'plugin', name: 'twice' };`);
    const names = ['./twice.mjs', 'twice.mjs', join(folder, 'twice.mjs')];
    expect(await loadPlugins(names.map((name) => ({ name, base: folder })))).toHaveLength(1);
  });
});

describe('what cannot be loaded is one line that names it', () => {
  test.each([
    ['./missing.ts', undefined, 'plugin: ./missing.ts: not found from '],
    ['no-such-package', undefined, 'plugin: no-such-package: not found from '],
    ['./number.mjs', 'export default 3;', 'plugin: ./number.mjs: the default export is no plugin'],
    [
      './named.mjs',
      'export const plugin = { kind: "plugin", name: "x" };',
      'plugin: ./named.mjs: the default export is no plugin',
    ],
    ['./throws.mjs', 'throw new Error("on purpose\\nand more");', 'plugin: ./throws.mjs: cannot be loaded: on purpose'],
    ['./broken.ts', 'export default {', 'plugin: ./broken.ts: cannot be loaded: '],
    ['./lost.mjs', 'import "./nowhere.mjs"; export default 1;', 'plugin: ./lost.mjs: cannot be loaded: '],
  ])('%s', async (name, text, message) => {
    if (text !== undefined) write(name, text);
    const error = await load(name).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ name: 'PacketloomError', code: 'plugin' });
    expect(error!.message.startsWith(message)).toBe(true);
    expect(error!.message).not.toContain('\n');
  });
});
