import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileNames, isPattern } from '../../../core/output/file-names.ts';

// date -u -d @1371506310: 2013-06-17 21:58:30
const SECONDS = 1371506310;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetloom-names-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const claims = async (pattern: string, ...times: number[]) => {
  const names = new FileNames(join(folder, pattern));
  const given: string[] = [];
  for (const time of times) given.push((await names.claim(time)).slice(folder.length + 1));
  return given;
};

test('what is a pattern', () => {
  expect(['flows-%Y.csv', 'a%n', '%%%H'].map(isPattern)).toEqual([true, true, true]);
  expect(['flows.csv', '100%.csv', '%%Y.csv', 'a%x.csv', '%Y/flows.csv'].map(isPattern)).toEqual(Array(5).fill(false));
});

describe('names', () => {
  test.each([
    ['%Y-%m-%dT%H:%M:%S.csv', ['2013-06-17T21:58:30.csv', '2013-06-17T21:58:30-000001.csv']],
    ['flows.csv', ['flows-000001.csv', 'flows-000002.csv']],
    ['flows.csv.gz', ['flows-000001.csv.gz', 'flows-000002.csv.gz']],
    ['my.own.flows', ['my.own-000001.flows', 'my.own-000002.flows']],
    ['.csv', ['.csv-000001', '.csv-000002']],
    ['flows', ['flows-000001', 'flows-000002']],
    ['%n_%H.jsonl', ['000001_21.jsonl', '000002_21.jsonl']],
    ['100%%-%d', ['100%-17', '100%-17-000001']],
  ])('%s', async (pattern, names) => {
    expect(await claims(pattern, SECONDS, SECONDS)).toEqual(names);
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.partial`).sort());
  });

  test('numbers go on behind the greatest that is there, complete or not, and are those of their time', async () => {
    for (const name of ['f-17-000001.csv', 'f-17-000003.csv.partial', 'f-18-000009.csv', 'f-17-12.csv'])
      writeFileSync(join(folder, name), name);
    expect(await claims('f-%d.csv', SECONDS, SECONDS)).toEqual(['f-17-000004.csv', 'f-17-000005.csv']);
    expect(await claims('f-%d.csv', SECONDS + 86_400)).toEqual(['f-18-000010.csv']);
  });

  test('what was moved away meanwhile is not given again', async () => {
    const names = new FileNames(join(folder, 'flows.csv'));
    await names.claim(SECONDS);
    rmSync(join(folder, 'flows-000001.csv.partial'));
    expect(await names.claim(SECONDS)).toBe(join(folder, 'flows-000002.csv'));
  });

  test('a folder, and a link that leads nowhere, take a name as well', async () => {
    mkdirSync(join(folder, 'f-17'));
    symlinkSync('/nowhere', join(folder, 'f-17-000001'));
    expect(await claims('f-%d', SECONDS)).toEqual(['f-17-000002']);
  });

  test('two that look for a name at the same time get two', async () => {
    const names = Array.from({ length: 8 }, () => new FileNames(join(folder, 'flows.csv')));
    const given = await Promise.all(names.map((one) => one.claim(SECONDS)));
    expect(new Set(given).size).toBe(8);
  });

  test('files that are not complete', async () => {
    for (const name of [
      'f-17.csv.partial',
      'f-18-000002.csv.partial',
      'f-19.csv',
      'f-xx.csv.partial',
      'g-17.csv.partial',
    ])
      writeFileSync(join(folder, name), '');
    const names = new FileNames(join(folder, 'f-%d.csv'));
    expect(await names.incomplete()).toEqual(['f-17.csv.partial', 'f-18-000002.csv.partial']);
  });
});

test.each([-1e300, -1, 0, 1e12, 1e300])('nothing but digits comes out of the time %d', async (time) => {
  const [name] = await claims('%Y%m%d%H%M%S', time);
  expect(name).toMatch(/^\d{14}$/);
});

test.each(['a%x%Y', '%Y%', '%Y-%.csv', '%n-%n'])('%s is refused', (pattern) => {
  expect(() => new FileNames(pattern)).toThrow(expect.objectContaining({ code: 'configuration' }));
});
