import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../test/cli/support/command.ts';
import { installedWith, runPage } from '../../test/docs/page.ts';
import { pythonObstacle } from '../../test/support/python.ts';
import { unavailable } from '../../test/support/unavailable.ts';

const python = process.env.PACKETLOOM_PYTHON ?? 'python3';
const obstacle = unavailable('example of Python', pythonObstacle('pandas', 'polars', 'pyarrow'));

describe.skipIf(obstacle)('with pandas and polars', () => {
  const folder = installedWith('hyparquet-writer', 'hyparquet', 'apache-arrow');
  mkdirSync(join(folder, 'examples'));
  symlinkSync(join(root, 'examples', 'captures'), join(folder, 'examples', 'captures'));
  cpSync(join(root, 'examples', 'python'), join(folder, 'examples', 'python'), { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the example runs as it stands', () => {
    runPage('examples/python/README.md', folder, ['python3', python]);
  });

  test('both answer the same, which is what tshark counts', () => {
    const [first, second] = ['pandas', 'polars'].map((name) =>
      execFileSync(python, [`examples/python/with_${name}.py`, 'office.parquet'], { cwd: folder, encoding: 'utf8' }),
    ) as [string, string];
    // tshark -T fields -e ip.src -e ip.dst -e frame.len: 192.168.0.1 has 112,838 bytes.
    expect(first).toMatch(/192\.168\.0\.1 +81 +112838\n/);
    expect(second).toMatch(/\| 192\.168\.0\.1 +\| 81 +\| 112838 +\|\n/);
    // Gaps of the names asked of 224.0.0.252, 25 times.
    expect(first).toMatch(/224\.0\.0\.252 +5355(?:\.0)? +17 +24 +3\.826 +2\.277 +0\.595\n/);
    expect(second).toMatch(/224\.0\.0\.252 +\| 5355 +\| 17 +\| 24 +\| 3\.826 +\| 2\.277 +\| 0\.595 +\|\n/);
  });

  test.each(['arrow', 'parquet'])('the page of the sink %s runs as it stands', (name) => {
    runPage(`docs/sinks/${name}.md`, folder, ['python3', python]);
  });
});
