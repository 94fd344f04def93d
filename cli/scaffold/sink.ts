import { pcapOf } from '../../core/testing/pcap.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import type { Scaffold } from './scaffold.ts';

const source = (name: string): string => `/**
 * ${name}: one sentence of where rows go, and how.
 *
 *     npx packetloom flows ${name}.pcap --plugin ./${name}.ts -o flows.${name}
 */
import { type FileHandle, open, rename } from 'node:fs/promises';
import { definePlugin, defineSink, type RowBatch, type RowWriter, rowTexts } from 'packetloom/plugin';

/** Called once at a time, never after close or abort: no locks are needed. */
class Writer implements RowWriter {
  rows = 0;
  readonly #file: FileHandle;
  readonly #target: string;

  constructor(file: FileHandle, target: string) {
    this.#file = file;
    this.#target = target;
  }

  async write(batch: RowBatch): Promise<void> {
    const lines: string[] = [];
    for (let row = 0; row < batch.count; row += 1) {
      lines.push(batch.columns.map(({ name }, i) => \`\${name}=\${rowTexts(batch, row)[i]}\`).join(' '));
    }
    await this.#file.write(lines.map((line) => \`\${line}\\n\`).join(''));
    this.rows += batch.count;
  }

  /** Only a complete output gets its name. */
  async close(): Promise<void> {
    await this.#file.close();
    await rename(\`\${this.#target}.partial\`, this.#target);
  }

  abort(): Promise<void> {
    return this.#file.close();
  }
}

const sink = defineSink({
  name: '${name}',
  description: 'Rows as name=value pairs, a line each',
  extensions: ['.${name}'],
  async open(target) {
    return new Writer(await open(\`\${target}.partial\`, 'w'), target);
  },
});

export default definePlugin({ name: '${name}', sinks: [sink] });
`;

const test = (name: string): string => `// Runs with: node --test
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFrame, ethernet, ipv4, pcapOf, udp } from 'packetloom/testing';

const folder = dirname(fileURLToPath(import.meta.url));
const packetloom = join(dirname(createRequire(import.meta.url).resolve('packetloom/package.json')), 'dist/cli/main.js');

writeFileSync(
  join(folder, '${name}.pcap'),
  pcapOf([buildFrame(ethernet(), ipv4(), udp({ source: 5000, destination: 6000 }), [1, 2, 3])]),
);

test('rows arrive, chosen by the ending of the file', () => {
  const words = ['flows', '${name}.pcap', '--plugin', './${name}.ts', '-o', 'test.${name}', '--quiet'];
  execFileSync(process.execPath, [packetloom, ...words], { cwd: folder });
  const lines = readFileSync(join(folder, 'test.${name}'), 'utf8').trim().split('\\n');
  rmSync(join(folder, 'test.${name}'));
  assert.equal(lines.length, 1);
  assert.match(lines[0], / src_ip=10\\.0\\.0\\.1 src_port=5000 dst_ip=10\\.0\\.0\\.2 dst_port=6000 protocol=17 /);
});
`;

const frame = buildFrame(ethernet(), ipv4(), udp({ source: 5000, destination: 6000 }), [1, 2, 3]);

/** A sink, its test, and a capture of one flow. */
export const sinkScaffold: Scaffold = {
  kind: 'sinks',
  files: ({ name }) => ({
    [`${name}.ts`]: source(name),
    [`${name}.test.mjs`]: test(name),
    [`${name}.pcap`]: pcapOf([frame]),
  }),
  next: ({ name }) => ['node --test', `npx packetloom flows ${name}.pcap --plugin ./${name}.ts -o flows.${name}`],
};
