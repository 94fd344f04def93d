import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { printable, printableLines } from '../../core/printable.ts';
import { pcapOf } from '../../core/testing/pcap.ts';
import { buildFrame, ethernet, ipv4, tcp } from '../../dissectors/build.ts';
import { main, rowsOf, run, temporaryFolder } from './support/command.ts';
import { missing, need, python } from './support/needs.ts';

const folder = temporaryFolder();
const onTerminal = join(import.meta.dirname, 'support', 'on-terminal.py');

// What an attacker may send: a new window title, red, C1 (clear screen), a name that reads backwards, DEL, no UTF-8.
const URI = '/\u001b]0;owned\u0007\u001b[31m\u009b2J\u202eexe.gpj\u2066\u007f';
const AGENT = 'a"b\u001b[2J,c';
const request = Buffer.concat([
  Buffer.from(`GET ${URI}`),
  Uint8Array.of(0xff),
  Buffer.from(` HTTP/1.1\r\nHost: h\u0085st\r\nUser-Agent: ${AGENT}\r\n\r\n`),
]);
const header = tcp({ source: 40_000, destination: 80, flags: 0x18, sequence: 1, acknowledgment: 1 });
const frame = buildFrame(ethernet(), ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }), header, request);
// Terminals take UTF-8: bytes that are none are shown as what stands for such.
const SHOWN = '/\\u001b]0;owned\\u0007\\u001b[31m\\u009b2J\\u202eexe.gpj\\u2066\\u007f\ufffd';

const FIELDS = 'http.request.uri,http.host,http.user_agent';
const FEATURE = 'uri=first(http.request.uri)';

beforeEach((context) => need(context, missing(python, '-c', 'import pty')));

beforeAll(() => {
  folder.write('evil.pcap', pcapOf([frame]));
});

/** What a command shows on a terminal; its line ends are the terminal's. */
function shown(...words: readonly string[]): string {
  const given = { cwd: folder.path, encoding: 'utf8', env: { ...process.env, TERM: 'xterm' } } as const;
  const { stdout, stderr } = spawnSync(python, [onTerminal, process.execPath, main, ...words], given);
  expect(stderr).toBe('');
  return stdout.replaceAll('\r\n', '\n');
}

// Line ends, and tabs between columns, are the program's own.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each([
  ['packets', 'evil.pcap', '--fields', FIELDS],
  ['packets', 'evil.pcap', '--fields', FIELDS, '--format', 'tsv'],
  ['inspect', 'evil.pcap'],
  ['flows', 'evil.pcap', '--feature', FEATURE, '--quiet'],
  ['flows', 'evil.pcap', '--feature', FEATURE, '--quiet', '-o', 'csv:/dev/tty'],
])('%s: nothing of a packet reaches a terminal as it is', (...words) => {
  const text = shown(...words);
  expect(text).not.toMatch(UNSAFE);
  expect(text).toContain(SHOWN);
});

test.each([
  ['packets', 'evil.pcap', '--fields', FIELDS, '--format', 'jsonl'],
  ['inspect', 'evil.pcap', '--json'],
])('%s: JSON on a terminal is harmless and has the same values', async (...words) => {
  const text = shown(...words);
  expect(text).not.toMatch(UNSAFE);
  expect(JSON.parse(text)).toEqual(JSON.parse((await run(words, { cwd: folder.path })).stdout));
  expect(text).toContain('\\u202e');
});

test('explain shows nothing of a packet as it is, as text and as JSON', async () => {
  const { stdout } = await run(['flows', 'evil.pcap'], { cwd: folder.path });
  const id = rowsOf(stdout)[0]!.flow_id!;
  const words = ['explain', 'evil.pcap', '--flow', id, '--feature', FEATURE];
  const text = shown(...words);
  expect(text).not.toMatch(UNSAFE);
  expect(text).toContain(`uri = ${SHOWN}`);
  const json = shown(...words, '--json');
  expect(json).not.toMatch(UNSAFE);
  expect(JSON.parse(json)).toEqual(JSON.parse((await run([...words, '--json'], { cwd: folder.path })).stdout));
});

test('other programs get the exact text', async () => {
  const { stdout } = await run(['packets', 'evil.pcap', '--fields', FIELDS, '--no-header'], { cwd: folder.path });
  expect(stdout).toBe(`${URI}\ufffd,h\u0085st,"${AGENT.replaceAll('"', '""')}"\n`);
  const rows = await run(['packets', 'evil.pcap', '--fields', FIELDS, '--format', 'jsonl'], { cwd: folder.path });
  expect(JSON.parse(rows.stdout)).toEqual({
    'http.request.uri': [`${URI}\ufffd`],
    'http.host': ['h\u0085st'],
    'http.user_agent': [AGENT],
  });
});

test('a name of a file does nothing to a terminal, in errors, notes and the summary', async () => {
  const name = 'no\u001b[31m\nsuch\u202e.pcap';
  const failed = await run(['flows', name, '-o', 'x.csv'], { cwd: folder.path });
  expect(failed.stderr).not.toMatch(UNSAFE);
  expect(failed.stderr).toContain('packetloom: no\\u001b[31m\\nsuch\\u202e.pcap: ');
  const target = 'odd\u001b[2J\u009b.csv';
  const { stderr } = await run(['flows', 'evil.pcap', '-o', target], { cwd: folder.path });
  expect(stderr).not.toMatch(UNSAFE);
  expect(stderr).toContain('output    csv odd\\u001b[2J\\u009b.csv, 1 rows');
  expect(readFileSync(join(folder.path, target), 'utf8')).toContain('flow_id');
  const wrong = await run(['flows', 'evil.pcap', '--feature', 'x=\u001b[31mfoo(1)'], { cwd: folder.path });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).not.toMatch(UNSAFE);
  mkdirSync(join(folder.path, 'a\u001bb'), { recursive: true });
  const taken = await run(['flows', 'evil.pcap', '-o', 'csv:a\u001bb'], { cwd: folder.path });
  expect(taken.stderr).toMatch(/^packetloom: cannot write csv: .*this is a folder\n$/);
  expect(taken.stderr).not.toMatch(UNSAFE);
});

test('a capture is not written to a terminal', () => {
  expect(shown('packets', 'evil.pcap', '--write', '/dev/stdout')).toBe(
    'packetloom: cannot write capture: /dev/stdout: this is a terminal, and what is written is no text: ' +
      'name a file, or pipe it on\n',
  );
});

test('what is escaped reads back as the same text, and other text stays as it is', () => {
  const every = Array.from({ length: 0x2100 }, (_, unit) => String.fromCharCode(unit)).join('');
  expect(printable(every)).not.toMatch(/[\n\t]/);
  expect(printable(every)).not.toMatch(UNSAFE);
  expect(printableLines(every)).not.toMatch(UNSAFE);
  const quoted = every.replace(/["\\]/g, '');
  expect(JSON.parse(`"${printable(quoted)}"`)).toBe(quoted);
  expect(printable('na\u00efve \u65e5\u672c \ud83d\ude00 \u05d0\u05d1')).toBe(
    'na\u00efve \u65e5\u672c \ud83d\ude00 \u05d0\u05d1',
  );
});
