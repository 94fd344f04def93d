import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { openOutput } from '../../../core/output/output-file.ts';
import { RowChunk } from '../../../core/output/row-chunk.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'packetloom-output-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = process.getuid?.() === 0;
const NOBODY = 65534;

/** Skips a test and says why where everybody sees it. */
function skip(context: TestContext, reason: string): void {
  console.warn(`skipped "${context.task.name}": ${reason}`);
  context.skip(reason);
}

function chunkOf(...rows: string[]): RowChunk {
  const chunk = new RowChunk(16);
  for (const row of rows) {
    chunk.reserve(chunk.length + row.length);
    chunk.endRow(chunk.length + chunk.buffer.write(row, chunk.length));
  }
  return chunk;
}

let stopped = 0;
const open = (target: string) =>
  openOutput({
    sink: 'csv',
    target,
    stop: () => {
      stopped += 1;
    },
  });

/** The error's code and message; fails when there is none. */
async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = (await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as { code: string; message: string } | undefined;
  return `${error?.code}: ${error?.message}`;
}

describe('a file is complete or absent', () => {
  test('it gets its name when it is closed', async () => {
    const path = join(folder, 'one.csv');
    const output = await open(path);
    await output.write(chunkOf('a\n', 'b\n'));
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(`${path}.partial`, 'utf8')).toBe('a\nb\n');
    await output.write(chunkOf('c\n'));
    await output.close();
    expect(readFileSync(path, 'utf8')).toBe('a\nb\nc\n');
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  test('an aborted one keeps its rows under the other name, and the file before it stays', async () => {
    const path = join(folder, 'two.csv');
    writeFileSync(path, 'before\n');
    const output = await open(path);
    await output.write(chunkOf('a\n'));
    await output.abort();
    expect(readFileSync(path, 'utf8')).toBe('before\n');
    expect(readFileSync(`${path}.partial`, 'utf8')).toBe('a\n');
    const again = await open(path);
    await again.write(chunkOf('b\n'));
    await again.close();
    expect(readFileSync(path, 'utf8')).toBe('b\n');
  });

  test('the file behind a symbolic link is replaced, and keeps its mode', async () => {
    const file = join(folder, 'behind.csv');
    const link = join(folder, 'link.csv');
    writeFileSync(file, 'before\n');
    chmodSync(file, 0o600);
    symlinkSync(file, link);
    const output = await open(link);
    await output.write(chunkOf('after\n'));
    await output.close();
    expect(readFileSync(file, 'utf8')).toBe('after\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('rows are not written through a link in place of the partial file', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, join(folder, 'trap.csv.partial'));
    expect(await errorOf(open(join(folder, 'trap.csv')))).toMatch(/^sink: cannot write csv: .*trap\.csv: /);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });

  test('two outputs to one file are refused, whatever they call it', async () => {
    const path = join(folder, 'shared.csv');
    const first = await open(path);
    await first.write(chunkOf('a\n'));
    symlinkSync(folder, join(folder, 'self'));
    for (const other of [path, join(folder, 'self', 'shared.csv'), join(folder, '.', 'shared.csv')]) {
      expect(await errorOf(open(other))).toBe(`sink: cannot write csv: ${other}: another output goes to the same file`);
    }
    await first.close();
    expect(readFileSync(path, 'utf8')).toBe('a\n');
    await (await open(path)).close();
  });
});

describe('what cannot be written is one line', () => {
  test('a missing folder, a folder, a file as folder, nothing', async () => {
    const missing = join(folder, 'missing', 'x.csv');
    expect(await errorOf(open(missing))).toBe(
      `sink: cannot write csv: ${missing}: the folder "${join(folder, 'missing')}" does not exist`,
    );
    expect(await errorOf(open(folder))).toBe(`sink: cannot write csv: ${folder}: this is a folder`);
    writeFileSync(join(folder, 'file'), '');
    const below = join(folder, 'file', 'x.csv');
    expect(await errorOf(open(below))).toBe(`sink: cannot write csv: ${below}: not a directory`);
    expect(await errorOf(open(''))).toBe('sink: cannot write csv: : the path is empty');
    const partial = join(folder, 'x.csv.partial');
    expect(await errorOf(open(partial))).toBe(
      `sink: cannot write csv: ${partial}: .partial is the ending of files that are not complete`,
    );
  });

  test('a name with a line break stays on the line', async () => {
    const message = await errorOf(open(join(folder, 'missing', 'a\nb.csv')));
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toContain('a\\nb.csv');
  });

  test('a full device', async () => {
    const output = await open('/dev/full');
    expect(await errorOf(output.write(chunkOf('a\n')))).toBe(
      'sink: cannot write csv: /dev/full: no space left on device',
    );
    await output.abort();
    expect(readdirSync('/dev').filter((name) => name.startsWith('full'))).toEqual(['full']);
  });

  test('a folder or a file without permission', async () => {
    const mine = mkdtempSync(join(tmpdir(), 'packetloom-output-'));
    const closed = join(mine, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    const locked = join(mine, 'locked.csv');
    writeFileSync(locked, 'mine', { mode: 0o400 });
    if (root) {
      // Root may write everywhere, so somebody else tries.
      for (const path of [mine, closed, locked]) chownSync(path, NOBODY, NOBODY);
      process.seteuid?.(NOBODY);
    }
    try {
      for (const path of [join(closed, 'x.csv'), locked]) {
        expect(await errorOf(open(path))).toBe(`sink: cannot write csv: ${path}: permission denied`);
      }
      const output = await open(join(mine, 'open.csv'));
      await output.close();
    } finally {
      if (root) process.seteuid?.(0);
      rmSync(mine, { recursive: true });
    }
  });

  test('a disk that becomes full: rows so far are kept, the last one whole', async (context) => {
    if (!root) return skip(context, 'only root can mount a small file system');
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      return skip(context, `a small file system cannot be mounted here: ${String(error).split('\n')[0]}`);
    }
    try {
      const path = join(disk, 'rows.csv');
      const output = await open(path);
      const rows = Array.from({ length: 100 }, (_, row) => `${String(row).padStart(2, '0')}${'x'.repeat(997)}\n`);
      await output.write(chunkOf(...rows.slice(0, 40)));
      expect(await errorOf(output.write(chunkOf(...rows.slice(40))))).toBe(
        `sink: cannot write csv: ${path}: no space left on device`,
      );
      await output.abort();
      expect(readdirSync(disk)).toEqual(['rows.csv.partial']);
      // 64 KiB hold 65 rows of 1000 bytes.
      expect(readFileSync(`${path}.partial`, 'utf8')).toBe(rows.slice(0, 65).join(''));
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe('devices and pipes are written as they are', () => {
  test('nothing is put beside them', async () => {
    const output = await open('/dev/null');
    await output.write(chunkOf('a\n'));
    await output.close();
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(existsSync('/dev/null.partial')).toBe(false);
  });

  test('a named pipe is read to the end, in spite of a slow reader', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('sh', ['-c', 'sleep 0.2; exec wc -c < "$0"', pipe]);
    let counted = '';
    reader.stdout.on('data', (text) => {
      counted += text;
    });
    const closed = once(reader, 'close');
    const output = await open(pipe);
    for (let index = 0; index < 10; index += 1) await output.write(chunkOf('x'.repeat(100_000)));
    await output.close();
    await closed;
    expect(Number(counted)).toBe(1_000_000);
  });

  test('a reader that goes away stops the run once, quietly', async () => {
    const pipe = join(folder, 'short-pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('sh', ['-c', 'exec head -c 1 < "$0"', pipe]);
    const closed = once(reader, 'close');
    const output = await open(pipe);
    stopped = 0;
    await output.write(chunkOf('a\n'));
    await closed;
    for (let index = 0; index < 3; index += 1) await output.write(chunkOf('b\n'));
    expect(output.gone).toBe(true);
    expect(stopped).toBe(1);
    await output.close();
  });
});
