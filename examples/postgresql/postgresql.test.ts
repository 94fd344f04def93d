import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dist, main, root } from '../../test/cli/support/command.ts';
import { blocksOf } from '../../test/docs/support.ts';
import { type PostgresqlServer, postgresqlObstacle, startPostgresql } from '../../test/support/postgresql.ts';
import { unavailable } from '../../test/support/unavailable.ts';

/** psql pads its columns and ends with an empty line. */
const lines = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());

const pages = [
  ['examples/postgresql', 'README.md'],
  ['docs/sinks', 'postgresql.md'],
] as const;

describe.skipIf(unavailable('example of PostgreSQL', postgresqlObstacle()))('against a server of its own', () => {
  let server: PostgresqlServer;
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-example-'));
  beforeAll(async () => {
    server = await startPostgresql();
    // As where the package is installed.
    mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
    symlinkSync(join(dist, '..'), join(folder, 'node_modules', 'packetloom'));
    symlinkSync(main, join(folder, 'node_modules', '.bin', 'packetloom'));
    chmodSync(main, 0o755);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    symlinkSync(join(root, 'examples', 'captures'), join(folder, 'captures'));
    cpSync(join(root, 'examples', 'postgresql'), join(folder, 'postgresql'), { recursive: true });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.end();
  });

  test.each(pages)('%s/%s runs as it stands', (place, page) => {
    const settings = { PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'loader', PGDATABASE: 'flows' };
    const env = { ...process.env, ...settings, PGPASSWORD: server.password, TZ: 'UTC' };
    const cwd = place === 'docs/sinks' ? folder : join(folder, 'postgresql');
    let printed = '';
    for (const { language, text, line } of blocksOf(readFileSync(join(root, place, page), 'utf8'))) {
      if (language === 'text') expect(lines(printed), `line ${line}`).toEqual(lines(text));
      if (language !== 'sh' || text.startsWith('npm install')) continue;
      const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', text], {
        cwd,
        env,
        encoding: 'utf8',
      });
      expect(status, `${text}\n${stdout}\n${stderr}`).toBe(0);
      expect(stdout + stderr).not.toContain(server.password);
      printed = stdout;
    }
    expect(printed).not.toBe('');
  });
});
