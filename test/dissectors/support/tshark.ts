import { spawnSync } from 'node:child_process';

/** Preferences that make tshark say what stands in each frame, without reassembly or state. */
const PREFERENCES = [
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
  'tcp.analyze_sequence_numbers:FALSE',
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'eth.fcs:Never',
].flatMap((preference) => ['-o', preference]);

/** A protocol without a dissector of ours that carries addresses, and would repeat the fields of outer layers. */
const DISABLED = ['--disable-protocol', 'mpls-echo'];

/** Why there is no oracle here: names and texts of fields are those of tshark 4.0. Undefined where there is one. */
export const noTshark: string | undefined = (() => {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  const version = /\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0];
  if (status !== 0 || version === undefined) return 'tshark is not installed';
  return version.startsWith('4.0.') ? undefined : `tshark is ${version}, and 4.0 is wanted`;
})();

const SEPARATOR = '\t';
/** Between several values of one field. */
const AGGREGATOR = '\x1f';

/** All values of the named fields, frame by frame: `rows[frame][field]` is a list. Fields that tshark lacks throw. */
export function tsharkFields(capture: string, names: readonly string[]): string[][][] {
  const fields = names.flatMap((name) => ['-e', name]);
  const options = ['-T', 'fields', ...fields, '-E', 'occurrence=a', '-E', `aggregator=${AGGREGATOR}`];
  const { stdout, stderr } = spawnSync('tshark', ['-n', '-r', capture, ...PREFERENCES, ...DISABLED, ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  // A damaged end of the file is no matter here, an unknown field is.
  if (/aren't valid/.test(stderr)) throw new TypeError(stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(SEPARATOR).map((cell) => (cell === '' ? [] : cell.split(AGGREGATOR))));
}

/** Place and length of a field in its frame. */
export type Range = readonly [offset: number, length: number];

/** Places of all fields, frame by frame and by name, from `-T json -x`. */
export function tsharkRanges(capture: string): ReadonlyMap<string, readonly Range[]>[] {
  const { stdout } = spawnSync(
    'tshark',
    ['-n', '-r', capture, ...PREFERENCES, '-T', 'json', '-x', '--no-duplicate-keys'],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    },
  );
  const frames = JSON.parse(stdout) as { readonly _source: { readonly layers: unknown } }[];
  return frames.map(({ _source }) => {
    const found = new Map<string, Range[]>();
    collectRanges(_source.layers, found);
    return found;
  });
}

/** `name_raw` holds [hex, offset, length, mask, type], or a list of these. */
function collectRanges(node: unknown, found: Map<string, Range[]>): void {
  if (Array.isArray(node)) for (const one of node) collectRanges(one, found);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (!key.endsWith('_raw') || !Array.isArray(value)) collectRanges(value, found);
    else {
      const name = key.slice(0, -'_raw'.length);
      const entries = (Array.isArray(value[0]) ? value : [value]) as [string, number, number][];
      found.set(name, [...(found.get(name) ?? []), ...entries.map(([, offset, length]): Range => [offset, length])]);
    }
  }
}
