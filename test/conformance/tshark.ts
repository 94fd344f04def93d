import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Preferences that make tshark say what stands in each frame, without reassembly or state, and where it stands in the file. */
export const PREFERENCES: readonly string[] = [
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
  'tcp.analyze_sequence_numbers:FALSE',
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'eth.fcs:Never',
  'frame.show_file_off:TRUE',
];

/** Protocols that packetloom does not have and that carry protocols it has, or fields of theirs. */
export const DISABLED: readonly string[] = ['quic', 'gquic', 'ipcomp', 'ptp', 'f5ethtrailer'];

/** Names that tshark gives the same bytes once other frames told it more of them: their values count as those of the field. */
export const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  // RFC 8446, 5.2: the type of a protected record is always that of application data.
  ['tls.record.content_type', 'tls.record.opaque_type'],
]);

/** The version that names and texts of fields are those of. */
const WANTED = '4.0.';

/** Between several values of one field. */
export const AGGREGATOR = '\x1f';

/** Why there is no oracle here; undefined where there is one. */
export const noTshark: string | undefined = (() => {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  const version = /\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0];
  if (status !== 0 || version === undefined) return 'tshark is not installed';
  return version.startsWith(WANTED) ? undefined : `tshark is ${version}, and ${WANTED} is wanted`;
})();

/** Version of tshark, as it says. */
export function tsharkVersion(): string {
  return /\d+\.\d+\.\d+/.exec(spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout)![0];
}

/** Names of all fields that tshark has. */
export function tsharkNames(): ReadonlySet<string> {
  const { stdout } = spawnSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return new Set(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('F\t'))
      .map((line) => line.split('\t', 3)[2]!),
  );
}

function open(capture: string, options: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  const preferences = PREFERENCES.flatMap((preference) => ['-o', preference]);
  const disabled = DISABLED.flatMap((protocol) => ['--disable-protocol', protocol]);
  return spawn('tshark', ['-n', '-r', capture, ...preferences, ...disabled, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function* linesOf(child: ChildProcessByStdio<null, Readable, null>): AsyncGenerator<string> {
  child.stdout.setEncoding('utf8');
  let rest = '';
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** What tshark says of one record. */
export interface TsharkRow {
  /** Place of the record in its file. */
  readonly fileOffset: number;
  /** By the names asked for: all values, absent ones empty. */
  readonly cells: readonly string[];
}

/** Rows of the named fields. Damage at the end of a file is no matter here; an unknown field is. */
export async function* tsharkRows(capture: string, names: readonly string[]): AsyncGenerator<TsharkRow> {
  const renamed = names.filter((name) => OTHER_NAMES.has(name));
  const asked = ['frame.file_off', ...names, ...renamed.map((name) => OTHER_NAMES.get(name)!)];
  const fields = asked.flatMap((name) => ['-e', name]);
  const child = open(capture, ['-T', 'fields', '-E', 'occurrence=a', '-E', `aggregator=${AGGREGATOR}`, ...fields]);
  for await (const line of linesOf(child)) {
    const [offset, ...cells] = line.split('\t');
    const others = cells.splice(names.length);
    renamed.forEach((name, i) => {
      const at = names.indexOf(name);
      cells[at] = [cells[at], others[i]].filter((cell) => cell !== '').join(AGGREGATOR);
    });
    yield { fileOffset: Number(offset), cells };
  }
}

/** Where a field lies: place and length in the frame, and the bits of it, 0 for all. */
export interface TsharkRange {
  readonly offset: number;
  readonly length: number;
  readonly mask: bigint;
}

/** Ranges of all fields of one record. */
export interface TsharkRanges {
  readonly fileOffset: number;
  readonly stack: string;
  readonly malformed: boolean;
  readonly ranges: ReadonlyMap<string, readonly TsharkRange[]>;
}

const FIELD_OF = new Map([...OTHER_NAMES].map(([field, other]) => [other, field]));
const RAW = /^ +"(.+)_raw": \[$/;
const FILE_OFFSET = /^ +"frame\.file_off": "(\d+)"/;
const STACK = /^ +"frame\.protocols": "([^"]*)"/;

/**
 * Places of all fields, record by record, from `-T json -x`. Read line by line: the output has several keys of one name
 * in one object, in the order of the tree.
 */
export async function* tsharkRanges(capture: string): AsyncGenerator<TsharkRanges> {
  let fileOffset = -1;
  let stack: string | undefined;
  let malformed = false;
  let ranges = new Map<string, TsharkRange[]>();
  let name: string | undefined;
  let raw: string[] = [];
  for await (const line of linesOf(open(capture, ['-T', 'json', '-x']))) {
    if (name !== undefined) {
      raw.push(line);
      if (raw.length < 5) continue;
      const [, offset, length, mask] = raw.map((one) => one.trim().replace(/,$/, ''));
      const range = { offset: Number(offset), length: Number(length), mask: BigInt(mask!) };
      const field = FIELD_OF.get(name) ?? name;
      const found = ranges.get(field);
      if (found === undefined) ranges.set(field, [range]);
      else found.push(range);
      name = undefined;
      raw = [];
    } else if (line.endsWith('_raw": [')) name = RAW.exec(line)?.[1];
    else if (line === '  {') {
      if (fileOffset >= 0) yield { fileOffset, stack: stack ?? '', malformed, ranges };
      fileOffset = -1;
      stack = undefined;
      malformed = false;
      ranges = new Map();
    } else if (fileOffset < 0) {
      const match = FILE_OFFSET.exec(line);
      if (match !== null) fileOffset = Number(match[1]);
    } else if (stack === undefined) stack = STACK.exec(line)?.[1];
    else if (line.includes('"_ws.malformed')) malformed = true;
  }
  if (fileOffset >= 0) yield { fileOffset, stack: stack ?? '', malformed, ranges };
}
