import type { Scaffold } from './scaffold.ts';

const source = (name: string): string => `/**
 * ${name}: one sentence of where frames come from.
 *
 *     npx packetloom flows -i lines.txt --source ${name} --plugin ./${name}.ts
 */
import { readFile } from 'node:fs/promises';
import { definePlugin, defineSource, type FrameBatch, type FrameReader, PacketloomError } from 'packetloom/plugin';

/** Frames as lines of hexadecimal digits, one second apart. Called once at a time, never after close. */
class Reader implements FrameReader {
  readonly interfaces;
  readonly #name: string;
  readonly #lines: readonly string[];
  #frames = 0;

  constructor(name: string, lines: readonly string[]) {
    this.#name = name;
    this.#lines = lines;
    this.interfaces = [{ name, linkType: 1, snapLength: 65_535 }];
  }

  /** Fills the batch from place 0 and says how many frames it wrote: 0 is the end. */
  read(batch: FrameBatch): number {
    let count = 0;
    let place = 0;
    while (count < batch.capacity && this.#frames < this.#lines.length) {
      const bytes = Buffer.from(this.#lines[this.#frames]!, 'hex');
      if (place + bytes.length > batch.bytes.length) {
        if (count > 0) break;
        batch.bytes = new Uint8Array(bytes.length);
      }
      batch.bytes.set(bytes, place);
      batch.offset[count] = place;
      batch.captured[count] = bytes.length;
      batch.wire[count] = bytes.length;
      batch.seconds[count] = 1_700_000_000 + this.#frames;
      batch.nanoseconds[count] = 0;
      batch.linkType[count] = 1;
      batch.checkLength[count] = 0;
      batch.interfaceId[count] = 0;
      batch.fileOffset[count] = -1;
      batch.anomaly[count] = 0;
      batch.dropped[count] = 0;
      place += bytes.length;
      count += 1;
      this.#frames += 1;
    }
    batch.count = count;
    return count;
  }

  statistics() {
    return [
      {
        name: this.#name,
        format: '${name}',
        frames: this.#frames,
        blocksSkipped: 0,
        bytesRead: 0,
        bytesTotal: undefined,
        damaged: undefined,
        // null is "unknown", never 0.
        drops: { kernel: null, interface: null, application: null },
      },
    ];
  }

  async close(): Promise<void> {}
}

const source = defineSource({
  name: '${name}',
  description: 'Frames as lines of hexadecimal digits',
  live: true,
  async open([target = '']) {
    const text = await readFile(target, 'utf8').catch((cause: Error) => {
      throw new PacketloomError('device', \`\${target}: \${cause.message}\`, { cause });
    });
    return new Reader(target, text.split('\\n').filter((line) => line !== ''));
  },
});

export default definePlugin({ name: '${name}', sources: [source] });
`;

const test = (name: string): string => `// Runs with: node --test
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildFrame, ethernet, ipv4, udp } from 'packetloom/testing';

const folder = dirname(fileURLToPath(import.meta.url));
const packetloom = join(dirname(createRequire(import.meta.url).resolve('packetloom/package.json')), 'dist/cli/main.js');

test('frames become flows', () => {
  const frame = buildFrame(ethernet(), ipv4(), udp({ source: 5000, destination: 6000 }), [1, 2, 3]);
  const line = Buffer.from(frame).toString('hex');
  writeFileSync(join(folder, '${name}.txt'), \`\${line}\\n\${line}\\n\`);
  const words = ['flows', '-i', '${name}.txt', '--source', '${name}', '--plugin', './${name}.ts', '--quiet'];
  const options = { cwd: folder, encoding: 'utf8' };
  const [, ...rows] = execFileSync(process.execPath, [packetloom, ...words], options).trim().split('\\n');
  rmSync(join(folder, '${name}.txt'));
  assert.equal(rows.length, 1);
  assert.match(rows[0], /,10\\.0\\.0\\.1,5000,10\\.0\\.0\\.2,6000,17,1700000000\\.0+,1700000001\\.0+,/);
});
`;

/** A source of frames, and its test. */
export const sourceScaffold: Scaffold = {
  kind: 'sources',
  files: ({ name }) => ({
    [`${name}.ts`]: source(name),
    [`${name}.test.mjs`]: test(name),
  }),
  next: ({ name }) => ['node --test', `npx packetloom list sources --plugin ./${name}.ts`],
};
