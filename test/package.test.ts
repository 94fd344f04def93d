import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'packetloom-package-'));
const office = join(root, 'examples', 'captures', 'office.pcap');
let installed = false;

const run = (command: string, words: readonly string[], cwd = folder): string =>
  execFileSync(command, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 240_000 });

beforeAll(() => {
  // Without scripts: the build that is tested is the one that is packed.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  try {
    run('npm', ['install', '--omit=optional', '--no-audit', '--no-fund', '--prefer-offline', archive]);
    installed = true;
  } catch (error) {
    if (process.env.PACKETLOOM_REQUIRE_ALL === '1') throw error;
    console.log('skipped: the package’s dependencies could not be installed (no registry within reach)');
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the packed package installs and runs in an empty folder', ({ skip }) => {
  if (!installed) skip();
  expect(run('npx', ['packetloom', '--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  const rows = run('npx', ['packetloom', 'flows', office, '--quiet']).trim().split('\n');
  expect(rows[0]).toMatch(/^flow_id,segment,src_ip,/);
  expect(rows.length).toBeGreaterThan(100);
  expect(run('npx', ['packetloom', 'describe', 'ip.proto'])).toContain('TCP');
});

test('its three entry points load, and a plugin is the same there', ({ skip }) => {
  if (!installed) skip();
  writeFileSync(
    join(folder, 'use.mjs'),
    `import { flows } from 'packetloom';
import { defineFeature, definePlugin } from 'packetloom/plugin';
import * as testing from 'packetloom/testing';
let rows = 0;
for await (const flow of flows(${JSON.stringify(office)}, { preset: 'basic' })) rows += 1;
const plugin = definePlugin({ name: 'x', features: [defineFeature({ name: 'y', description: 'y', value: 'frames' })] });
console.log(rows > 100, plugin.kind, typeof testing.hex);`,
  );
  expect(run('node', ['use.mjs'])).toBe('true plugin function\n');
});

test('a protocol of one’s own, made there, passes its test and is seen', ({ skip }) => {
  if (!installed) skip();
  run('npx', ['packetloom', 'new', 'dissector', 'my-sensor']);
  expect(run('node', ['--test'])).toMatch(/^# pass 4$/m);
  const shown = run('npx', ['packetloom', 'inspect', 'my-sensor.pcap', '--plugin', './my-sensor.ts']);
  expect(shown).toContain('my_sensor.sequence');
});
